"""Dialogs that belong to no view."""
