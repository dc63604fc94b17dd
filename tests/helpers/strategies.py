"""Hypothesis strategies for text and rich text that is hard on offsets."""

from __future__ import annotations

from hypothesis import strategies as st

CHARACTERS = st.sampled_from(
    [
        *"ab cXé",
        "ß",
        "\n",
        "中",
        "日",
        "é",
        "ע",
        "ש",
        "م",
        "\u200f",
        "😀",
        "👩‍👩‍👧",
        "🏳️‍🌈",
        "🇩🇪",
        "𝔘",
        "\u200d",
        "\u0301",
        "ก็",
        "\ufffc",
    ]
)
"""Characters and clusters of one to four UTF-8 bytes, one and two UTF-16 units, joined, combining, right to left."""

TEXTS = st.lists(CHARACTERS, max_size=12).map("".join)
ATTRIBUTES = st.sampled_from([{}, {"bold": True}, {"italic": True}, {"bold": True, "italic": True}, {"header": 2}])
