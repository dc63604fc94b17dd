"""The keyboard and whoever reads by ear: focus, order, and what is said."""
