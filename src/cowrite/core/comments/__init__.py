"""What people say about passages of the draft, and whom they name."""
