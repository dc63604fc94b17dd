"""Rooms: what is in memory of a document, who is in it, and its way to the disk."""
