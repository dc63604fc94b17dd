"""Marks in the text: who wrote it, and what is suggested."""
