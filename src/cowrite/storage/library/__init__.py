"""The documents of a folder."""
