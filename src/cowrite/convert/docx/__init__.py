"""Word documents (Office Open XML), read and written."""
