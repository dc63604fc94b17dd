"""Language models as files: what they are, where they come from, and the folder that keeps them; no Qt."""
