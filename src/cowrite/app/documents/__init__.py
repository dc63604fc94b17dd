"""The documents that are open, and all others: opened, listed, closed, and opened again at the next start."""
