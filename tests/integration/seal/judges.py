"""Programs that are not ours, asked about a sealed file."""
