"""Sessions: a group's way from a question to a decision, its polls, what is sealed meanwhile, and who sees what."""
