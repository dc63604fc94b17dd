"""Qt widgets: they look and listen, and decide nothing."""
