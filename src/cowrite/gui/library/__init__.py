"""All documents of a person."""
