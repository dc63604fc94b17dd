"""What is seen of suggested changes."""
