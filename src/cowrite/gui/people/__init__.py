"""What is seen of people: who is here, who may do what, and how one comes in."""
