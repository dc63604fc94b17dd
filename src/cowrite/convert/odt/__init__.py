"""OpenDocument texts, read."""
