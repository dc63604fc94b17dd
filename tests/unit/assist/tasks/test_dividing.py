"""A text in pieces that a model can be given one at a time."""

from __future__ import annotations

from cowrite.assist.prompts.files import Division
from cowrite.assist.prompts.prompting import tokens_of
from cowrite.assist.tasks.dividing import SHARE, divided


def test_a_long_recording_without_a_full_stop_is_cut_between_its_words() -> None:
    text = f"{'so it goes on ' * 8000}{'x' * 500}"
    found = divided(text, Division.WHOLE, 64)
    assert all(tokens_of(piece.text) <= 64 * SHARE for piece in found)
    assert all(text[piece.start : piece.end] == piece.text for piece in found)
    assert "".join(text.split()) == "".join("".join(piece.text.split()) for piece in found)
    assert sum(piece.text.split()[-1] in ("so", "it", "goes", "on") for piece in found) > 1000
