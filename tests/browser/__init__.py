"""The site in Debian's Chromium, as people use it. What is judged and how is in `docs/judges.md`."""
