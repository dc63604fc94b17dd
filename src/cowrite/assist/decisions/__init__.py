"""What was decided in a text."""
