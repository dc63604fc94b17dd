"""Texts as the assistant reads them."""
