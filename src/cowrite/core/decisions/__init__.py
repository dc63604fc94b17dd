"""Decisions: what they hold, and on what they rest."""
