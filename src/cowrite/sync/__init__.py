"""Keeping a document in step with a server: the sans-I/O peer, the transport, links and hosting. No Qt."""
