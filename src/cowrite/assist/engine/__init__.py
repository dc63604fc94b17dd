"""This app's side of the worker."""
