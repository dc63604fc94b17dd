"""What the roots of a document hold by ids, such as notes and comments."""
