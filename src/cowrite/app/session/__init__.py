"""Sessions of a draft: what each phase shows, and what becomes of what a person does there."""
