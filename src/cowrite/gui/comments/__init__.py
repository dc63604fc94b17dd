"""What is seen of comments."""
