"""How one server runs."""
