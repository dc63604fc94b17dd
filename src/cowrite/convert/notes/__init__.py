"""Notes of a board as lists and tables, and back."""
