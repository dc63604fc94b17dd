"""What both ends of the wire agree on: messages, and their encoding."""
