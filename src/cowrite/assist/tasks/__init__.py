"""Jobs: what is asked of the model, step by step."""
