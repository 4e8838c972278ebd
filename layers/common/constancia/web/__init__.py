"""What the public functions share of the web: problems, pages, texts, headers."""
