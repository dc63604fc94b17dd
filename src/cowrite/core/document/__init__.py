"""The shared draft, how it is edited, and how changes from elsewhere come into it."""
