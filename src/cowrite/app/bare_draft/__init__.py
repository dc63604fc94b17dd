"""A draft without its parts: its document and file, its window, its server, and who brings what there."""
