"""The document model, on pycrdt and the server's reading of updates; no Qt, no I/O, no threads, no clock."""
