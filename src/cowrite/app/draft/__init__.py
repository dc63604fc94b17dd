"""An open draft: its window, its file, its teammates, its notices."""
