"""A document on disk while it is open."""
