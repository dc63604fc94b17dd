"""One open document with all that people do in it, and what a person is asked about it."""
