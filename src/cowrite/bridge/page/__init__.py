"""A document's body as a page shows it, and back."""
