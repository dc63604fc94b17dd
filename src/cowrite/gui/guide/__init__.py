"""The guide that comes with cowrite, in a window."""
