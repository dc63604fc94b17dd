"""A document that is shared: its server, as the window asks it."""
