"""A text that comes token by token."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cowrite.worker.work import Failure
from cowrite.worker.writing import Writing


def written(writing: Writing, pieces: list[str]) -> str:
    shown = ""
    for piece in pieces:
        shown += "".join(token.text for token in writing.add_text(piece))
        if writing.is_ended:
            break
    if not writing.is_ended:
        shown += "".join(token.text for token in writing.finish())
    return shown


def test_a_character_that_is_split_over_tokens_is_shown_when_it_is_whole() -> None:
    writing = Writing()
    emoji = "🦉".encode()
    assert [token.text for token in writing.add(emoji[:1], 0.5)] == [""]
    assert [token.text for token in writing.add(emoji[1:3], 0.25)] == [""]
    assert [(token.text, token.probability) for token in writing.add(emoji[3:] + b"!", 0.75)] == [("🦉!", 0.75)]
    assert [token.probability for token in writing.tokens] == [0.5, 0.25, 0.75]


def test_half_a_character_at_the_end_is_marked() -> None:
    writing = Writing()
    writing.add(b"owl \xf0\x9f")
    writing.finish()
    assert writing.text == "owl �"


def test_a_stop_text_that_is_split_over_tokens_never_leaks() -> None:
    writing = Writing(stop=("\n\nQ:",))
    assert written(writing, ["An answer.", "\n", "\nQ", ": what", " now"]) == "An answer."
    assert writing.is_ended


def test_what_only_began_like_a_stop_text_is_shown_after_all() -> None:
    writing = Writing(stop=("END",))
    assert [token.text for token in writing.add_text("The E")] == []
    assert [token.text for token in writing.add_text("N")] == []
    assert [token.text for token in writing.add_text("VOY")] == ["The E", "N", "VOY"]


def test_the_first_of_several_stop_texts_counts() -> None:
    assert written(Writing(stop=("three", "two")), ["one two three"]) == "one "


def test_a_text_ends_with_the_first_match_of_its_pattern() -> None:
    writing = Writing(stop_after=r"[.!?](?=\s)")
    assert written(writing, ["It rained", ". ", "Then it", " stopped."]) == "It rained."


def test_a_stop_text_before_the_match_counts_first() -> None:
    assert written(Writing(stop=("—",), stop_after=r"\."), ["Rain — and more."]) == "Rain "


def test_a_pattern_that_is_none_is_refused() -> None:
    with pytest.raises(Failure, match="not a regular expression"):
        Writing(stop_after="(")


@given(st.text(alphabet="abc", max_size=30), st.lists(st.text(alphabet="abc", min_size=1, max_size=4)), st.data())
def test_it_ends_where_the_whole_text_would_however_it_is_cut_into_tokens(
    text: str, stops: list[str], data: st.DataObject
) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)))))
    pieces = [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    writing = Writing(stop=stops)
    shown = written(writing, pieces)
    assert shown == writing.text == "".join(token.text for token in writing.tokens)
    ends = [at for at in (text.find(stop) for stop in stops) if at >= 0]
    assert shown == text[: min(ends, default=len(text))] or _ends_earlier(text, shown, stops)


def _ends_earlier(text: str, shown: str, stops: list[str]) -> bool:
    """Token by token, a short stop text may be complete before a longer one that begins earlier."""
    complete = min(text.find(stop) + len(stop) for stop in stops if stop in text)
    return any(stop in text[:complete] and shown == text[: text.find(stop)] for stop in stops)
