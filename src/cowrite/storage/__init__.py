"""Documents on disk: the .cowrite file, the library folder, the session to restore. No Qt."""
