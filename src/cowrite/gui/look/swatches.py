"""Swatches: the palettes from which people choose a colour, of a person, of letters, of what is behind letters."""

from __future__ import annotations

from typing import NamedTuple


class Swatch(NamedTuple):
    """One colour of a palette: `light` is what documents store, `dark` is its partner on the dark page."""

    name: str
    light: str
    dark: str


PEOPLE = (
    Swatch("Blue", "#2f5fd0", "#7ea6ff"),
    Swatch("Red", "#c4314b", "#ff8a97"),
    Swatch("Green", "#1d7a45", "#5fc98a"),
    Swatch("Purple", "#7a3fc4", "#be9cff"),
    Swatch("Orange", "#b04a00", "#f5a15c"),
    Swatch("Teal", "#0b7480", "#4cc5d2"),
    Swatch("Pink", "#b8307f", "#f58ac6"),
    Swatch("Olive", "#626c0c", "#b8c54e"),
    Swatch("Brown", "#85552b", "#d2a780"),
    Swatch("Slate", "#4b5a78", "#a5b5d6"),
    Swatch("Plum", "#8f2a8b", "#e18fde"),
    Swatch("Gold", "#866000", "#e3bc45"),
)
INKS = (
    Swatch("Grey", "#6b6f76", "#a4a8ae"),
    Swatch("Brown", "#85552b", "#d2a780"),
    Swatch("Orange", "#b04a00", "#f5a15c"),
    Swatch("Gold", "#866000", "#e3bc45"),
    Swatch("Green", "#1d7a45", "#5fc98a"),
    Swatch("Teal", "#0b7480", "#4cc5d2"),
    Swatch("Blue", "#2f5fd0", "#7ea6ff"),
    Swatch("Purple", "#7a3fc4", "#be9cff"),
    Swatch("Pink", "#b8307f", "#f58ac6"),
    Swatch("Red", "#c4314b", "#ff8a97"),
)
WASHES = (
    Swatch("Grey", "#ececea", "#3b3d42"),
    Swatch("Brown", "#f1e5da", "#4a392b"),
    Swatch("Orange", "#fde3cd", "#573716"),
    Swatch("Yellow", "#fdf0b3", "#4f430f"),
    Swatch("Green", "#d6f0dd", "#1e4630"),
    Swatch("Teal", "#d0eff0", "#144548"),
    Swatch("Blue", "#dbe7ff", "#233f73"),
    Swatch("Purple", "#e9dffb", "#432f69"),
    Swatch("Pink", "#fbdcec", "#5a2745"),
    Swatch("Red", "#fcdede", "#5c2629"),
)
