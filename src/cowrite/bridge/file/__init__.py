"""A document on disk while it is open, and the threads for that."""
