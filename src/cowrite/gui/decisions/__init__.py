"""Decisions: the log, the card of one of them, and what is to be done."""
