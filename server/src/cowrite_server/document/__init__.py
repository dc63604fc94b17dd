"""What a room holds: updates as bytes, the document, who is there, and what each role may change."""
