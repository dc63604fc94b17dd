"""The application: the only package that sees everything, and puts it together."""
