"""How cowrite starts."""
