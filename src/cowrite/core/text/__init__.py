"""Rich text as values: spans with attributes, changes of them, and what is found in them; no document."""
