"""The document model: pycrdt and the standard library; no Qt, no I/O, no threads, no clock."""
