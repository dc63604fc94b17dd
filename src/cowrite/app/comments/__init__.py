"""The comments of a draft."""
