"""Sessions of a draft: what each phase shows, what becomes of what a person does there, and what lies sealed."""
