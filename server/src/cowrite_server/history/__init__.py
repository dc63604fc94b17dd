"""What a room was: its log played again, moments and versions, and the way back."""
