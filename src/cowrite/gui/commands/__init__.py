"""Every command, in one table: its words, its keys, and its action."""
