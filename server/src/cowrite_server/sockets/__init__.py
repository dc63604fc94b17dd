"""Sockets: handshakes, frames, and how much is read of whom."""
