"""cowrite: rich-text documents that teammates write together."""

__version__ = "0.1.0"
