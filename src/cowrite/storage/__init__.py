"""Files on this computer: documents, what was open, settings, templates, keys, what is sealed. No Qt."""
