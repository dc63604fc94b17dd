"""cowrite: write, brainstorm and decide together, with a language model that stays on your machine."""

__version__ = "0.1.0"
