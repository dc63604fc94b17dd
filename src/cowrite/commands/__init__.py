"""What cowrite does without a window."""
