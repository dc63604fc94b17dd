"""The window of a draft: toolbar, panels, and what stands around the page."""
