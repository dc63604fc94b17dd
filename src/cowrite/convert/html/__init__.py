"""HTML, read and written."""
