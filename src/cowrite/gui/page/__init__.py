"""The page: where a draft is written, and what is painted there."""
