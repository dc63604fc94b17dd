"""What the nodes of one store tell each other, and by which engine."""
