"""`constancia verify`: judges any PDF, ours and untouched, ours and altered, or not ours (docs/verify.md)."""
