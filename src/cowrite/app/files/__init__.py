"""Files of other formats: read, and written of a document."""
