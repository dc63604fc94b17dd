"""The board: notes, groups, frames and links."""
