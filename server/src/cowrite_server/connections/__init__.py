"""One client, connected to one room, and what it asks; and who is connected."""
