"""The suggested changes of a draft."""
