"""What is seen of a document’s history."""
