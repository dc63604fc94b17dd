"""What is put right in a document after changes of it, and the document in which that is done."""
