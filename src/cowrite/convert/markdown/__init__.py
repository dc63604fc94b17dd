"""Markdown, read and written."""
