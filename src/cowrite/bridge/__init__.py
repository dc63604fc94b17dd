"""The crossings between Qt and the rest, and long work beside the GUI thread; no widgets."""
