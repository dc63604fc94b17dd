"""A document as it is set on paper."""
