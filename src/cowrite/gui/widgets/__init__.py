"""Widgets that any part of a window uses."""
