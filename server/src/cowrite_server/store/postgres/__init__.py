"""The store in PostgreSQL, for several nodes."""
