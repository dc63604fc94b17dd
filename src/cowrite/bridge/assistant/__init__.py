"""The assistant's worker, and work for models."""
