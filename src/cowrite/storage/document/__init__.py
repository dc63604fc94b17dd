"""The `.cowrite` file: reading, writing, and mending it."""
