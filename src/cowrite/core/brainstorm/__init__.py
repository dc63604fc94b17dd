"""What a person does with board, sessions and decisions."""
