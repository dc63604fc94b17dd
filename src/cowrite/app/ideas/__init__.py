"""The ideas of a draft as a list: how they are written, grouped and voted on."""
