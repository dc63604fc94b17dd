"""One module for each crossing between Qt and the rest; no widgets."""
