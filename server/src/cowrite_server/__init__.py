"""The cowrite sync server, and the wire that both ends agree on (`cowrite_server.wire.protocol`)."""

__version__ = "0.1.0"
