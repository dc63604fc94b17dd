"""The board on the screen: notes that are written, moved, grouped and joined by hand."""
