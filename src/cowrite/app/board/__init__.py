"""The board of a draft: what becomes of what a person does there."""
