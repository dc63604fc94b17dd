"""The assistant of a draft: what is asked of the model, and what becomes of its answers."""
