"""What is seen of the assistant."""
