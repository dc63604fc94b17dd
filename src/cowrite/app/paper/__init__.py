"""A document as it is set on paper, and as an OpenDocument text that looks so."""
