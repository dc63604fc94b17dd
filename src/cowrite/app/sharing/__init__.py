"""Sharing documents: hosting, links and members."""
