"""The notes of a document as a list in which everything can be done by keys and heard from a screen reader."""
