"""Decisions of a draft: their views, and how they leave the document."""
