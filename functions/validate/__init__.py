"""Public verification, and downloads for those entitled."""
