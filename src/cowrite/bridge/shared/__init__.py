"""A document and its server, as the window asks it; and what lies sealed."""
