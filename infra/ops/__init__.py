"""What operators do and see, by `constancia ops` and by whatever else calls it (docs/operations.md)."""
