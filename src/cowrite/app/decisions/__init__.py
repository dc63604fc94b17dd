"""Decisions of a draft: those that stand in its text, their views, and how they leave the document."""
