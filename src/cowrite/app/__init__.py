"""The application: what outlives a document, and what becomes of what people do. It puts all below it together."""
