"""Files that are opened, read and written."""
