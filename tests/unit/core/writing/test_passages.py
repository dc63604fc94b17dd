"""Passages: what the assistant makes of a text, put into what teammates have made of it meanwhile."""

from __future__ import annotations

import pytest

from cowrite.core.document.document import Document
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import utf16_length
from cowrite.core.writing.passages import Passage, Rewrite
from helpers.assisted import Copies, amounts, record, shown_marks, uses
from helpers.drafts import draft, lines

TEXT = "The cat sat on the mat."


def passage(document: Document, text: str = TEXT) -> Passage:
    start = document.text().index(text)
    return Passage(document, start, start + len(text))


def change(old: str, new: str, text: str = TEXT) -> Rewrite:
    """The rewrite of one word."""
    at = text.index(old)
    return Rewrite(at, at + len(old), new)


def put(document: Document, at: int, text: str) -> None:
    with document.edit(Origin.REMOTE) as edit:
        edit.insert(at, text)


def cut(document: Document, at: int, length: int) -> None:
    with document.edit(Origin.REMOTE) as edit:
        edit.delete(at, length)


def test_a_difference_is_accepted_as_one_step() -> None:
    document = draft(f"Before. {TEXT} After.")
    here = passage(document)
    assert here.accept((change("cat", "dog"), change("mat", "rug"), Rewrite(0, 0, "Well: ")), record()) == ()
    assert shown_marks(document) == "Before. r1[Well: ]The r1[dog] sat on the r1[rug]. After.\n"
    assert here.text_now == "Well: The dog sat on the rug."
    document.undo()
    assert document.text() == f"Before. {TEXT} After.\n"
    document.redo()
    assert amounts(document) == {"r1": 12}


def test_single_changes_are_accepted_one_by_one() -> None:
    document = draft(TEXT)
    here = passage(document)
    assert here.accept((change("mat", "rug"),), record()) == ()
    assert here.accept((change("cat", "large dog"),), record()) == ()
    assert here.accept((change(" sat", " slept"),), record()) == ()
    assert document.text() == "The large dog slept on the rug.\n"
    assert len(document.assists.records()) == 1
    assert here.accept((change("cat", "cow"),), record()) == (change("cat", "cow"),)


def test_teammates_changes_beside_the_words_are_kept() -> None:
    document = draft(TEXT)
    here = passage(document)
    put(document, document.text().index(" sat"), " quietly")
    put(document, 0, "Look! ")
    cut(document, document.text().index("on the"), 3)
    assert here.has_changed
    assert here.accept((change("cat", "dog"), change("mat", "rug")), record()) == ()
    assert document.text() == "Look! The dog quietly sat the rug.\n"


@pytest.mark.parametrize(
    ("at", "removed", "text"),
    [(5, 1, "o"), (4, 3, ""), (6, 0, "u"), (7, 0, "s"), (4, 0, "tom"), (0, 23, ""), (0, 23, "Else")],
)
def test_words_that_a_teammate_changed_are_not_replaced(at: int, removed: int, text: str) -> None:
    document = draft(TEXT)
    here = passage(document)
    if removed:
        cut(document, at, removed)
    put(document, at, text)
    now = document.text()
    assert here.accept((change("cat", "dog"),), record()) == (change("cat", "dog"),)
    assert document.text() == now
    assert document.assists.records() == {}


def test_nothing_is_put_in_where_a_teammate_has_written_at_the_same_place() -> None:
    document = draft(TEXT)
    here = passage(document)
    very = Rewrite(4, 4, "big ")
    put(document, 4, "old ")
    assert here.accept((very,), record()) == (very,)
    assert here.accept((Rewrite(len(TEXT), len(TEXT), " So."),), record()) == ()
    assert document.text() == "The old cat sat on the mat. So.\n"


def test_the_second_copy_of_the_same_words_is_never_touched() -> None:
    document = draft(TEXT, TEXT)
    here = passage(document)
    cut(document, 0, len(TEXT) + 1)
    assert here.is_gone
    assert here.accept((change("cat", "dog"),), record()) == (change("cat", "dog"),)
    assert document.text() == f"{TEXT}\n"


def test_a_passage_that_was_taken_away_and_brought_back_is_found_again() -> None:
    document = draft(f"A {TEXT} Z")
    here = passage(document)
    document.steps.begin()
    with document.edit(Origin.LOCAL) as edit:
        edit.delete(2, len(TEXT))
    document.steps.begin()
    document.undo()
    assert not here.has_changed
    assert here.accept((change("cat", "dog"),), record()) == ()
    document.undo()
    assert here.accept((change("mat.", "rug!"),), record()) == ()
    assert document.text() == "A The cat sat on the rug! Z\n"


def test_a_difference_is_made_anew_for_what_is_there_now() -> None:
    document = draft(f"A {TEXT} Z")
    here = passage(document)
    put(document, document.text().index("sat"), "just ")
    cut(document, document.text().index("the mat"), 3)
    put(document, document.text().index(" mat"), "a")
    cat, the = change("cat", "dog"), Rewrite(15, 18, "that")
    renewed = here.renew((cat, the, change("mat", "rug")))
    now = "The cat just sat on a mat."
    assert (here.text, here.has_changed) == (now, False)
    assert renewed == (change("cat", "dog", now), change("mat", "rug", now))
    assert here.accept(renewed, record()) == ()
    assert document.text() == "A The dog just sat on a rug. Z\n"


def test_an_empty_passage_takes_what_comes_in_at_its_place() -> None:
    document = draft("Once  time")
    here = Passage(document, 5, 5)
    put(document, 0, "So: ")
    assert here.accept((Rewrite(0, 0, "upon a"),), record()) == ()
    assert shown_marks(document) == "So: Once r1[upon a] time\n"


def test_offsets_hold_beyond_ascii() -> None:
    text = "👩‍🚀 naïve 🙂 word"
    document = draft(f"é {text} Z")
    here = Passage(document, 2, 2 + len(text.encode("utf-16-le")) // 2)
    put(document, 0, "🙂")
    starts = {old: utf16_length(text[: text.index(old)]) for old in ("🙂", "word")}
    news = {"🙂": "🚀🚀", "word": "Wört"}
    wanted = [Rewrite(at, at + utf16_length(old), news[old]) for old, at in starts.items()]
    assert here.accept(wanted, record()) == ()
    assert document.text() == "🙂é 👩‍🚀 naïve 🚀🚀 Wört Z\n"


def test_new_words_look_as_the_old_ones_and_new_lines_as_theirs() -> None:
    document = draft((TEXT, {"list": "bullet"}))
    with document.edit(Origin.LOCAL) as edit:
        edit.format(4, 3, {"bold": True})
    here = passage(document)
    assert here.accept((change("cat", "dog"), change("mat.", "rug.\nIt slept.")), record()) == ()
    assert lines(document) == [
        ("The dog sat on the rug.", {"list": "bullet"}),
        ("It slept.", {"list": "bullet"}),
    ]
    assert [dict(span.attributes) for span in document.spans(4, 7)] == [{"bold": True, "ai": "r1"}]


def test_images_among_the_words_stay() -> None:
    document = draft("The cat sat.")
    with document.edit(Origin.LOCAL) as edit:
        edit.insert_embed(5, {"image": "sha256:00"})
    here = Passage(document, 0, 13)
    assert here.accept((Rewrite(4, 8, "dog"),), record()) == ()
    assert document.text() == "The dog\ufffc sat.\n"


def test_cells_stay_cells_whatever_comes_in_the_place_of_their_words() -> None:
    document = draft("above", ("one", {"table": "1"}), ("two", {"table": "1"}), "below")
    here = Passage(document, 6, 13)
    assert here.accept((Rewrite(0, 7, "first\nsecond"),), record()) == ()
    cell = {"table": "1"}
    assert lines(document) == ["above", ("first\u2028second", cell), ("", cell), "below"]


def test_the_break_that_closes_the_document_is_not_in_a_passage() -> None:
    document = draft("All of it")
    here = Passage(document, 0, document.length)
    assert here.text == "All of it"
    assert here.accept((Rewrite(0, 9, "Nothing"),), record()) == ()
    assert document.text() == "Nothing\n"


def test_a_closed_passage_follows_no_more() -> None:
    document = draft(TEXT)
    here = passage(document)
    here.close()
    put(document, 0, "x")
    assert here._pieces[0].at == 0


# Failure mode 15: the assistant's edit against teammates


@pytest.mark.parametrize("ada_is_away", [False, True])
def test_failure_15_a_teammate_deletes_the_paragraph(ada_is_away: bool) -> None:
    copies = Copies(f"First.\n{TEXT}\n{TEXT}\nLast.\n", "abc")
    here = Passage(copies["a"], 7, 7 + len(TEXT))
    copies.cut("b")
    with copies["b"].edit(Origin.LOCAL) as edit:
        edit.delete(7, len(TEXT) + 1)
    if ada_is_away:
        stale = here.accept((change("cat", "dog"), change("mat", "rug")), record())
        assert stale == ()
        copies.join()
        assert copies.texts() == [f"First.\nr1[dogrug]{TEXT}\nLast.\n"]
        copies["a"].undo()
    else:
        copies.join()
        assert here.accept((change("cat", "dog"),), record()) == (change("cat", "dog"),)
    (now,) = copies.texts()
    # The second copy of the words was never touched, and nothing counts as the assistant's.
    assert now.endswith(f"{TEXT}\nLast.\n")
    assert all(uses(document) == [] for document in copies.documents.values())


@pytest.mark.parametrize("away", [None, "a", "b"])
def test_failure_15_a_teammate_types_inside(away: str | None) -> None:
    copies = Copies(f"{TEXT}\n{TEXT}\n", "abc")
    here = Passage(copies["a"], 0, len(TEXT))
    if away:
        copies.cut(away)
    with copies["b"].edit(Origin.LOCAL) as edit:
        edit.insert(7, ", my friend,")
        edit.insert(2, "HUMAN")
    assert here.accept((change("cat", "dog"), change("The", "That")), record()) in ((), (change("The", "That"),))
    copies.join()
    (now,) = copies.texts()
    assert now.count("HUMAN") == now.count(", my friend,") == 1
    assert now.endswith(f"sat on the mat.\n{TEXT}\n")
    assert {use.record for use in uses(copies["c"])} == {record()}
    assert sum(amounts(copies["c"]).values()) == (7 if "r1[That]" in now else 3)
    copies["a"].undo()
    (undone,) = copies.texts()
    assert undone == f"ThHUMANe cat, my friend, sat on the mat.\n{TEXT}\n"
    copies["a"].redo()
    assert copies.texts() == [now]


def test_failure_15_a_teammate_types_inside_the_new_words_and_one_undo_takes_only_these() -> None:
    copies = Copies(f"{TEXT}\nLast.\n", "abc")
    here = Passage(copies["a"], 0, len(TEXT))
    here.accept((change("cat", "DOG"), change("sat", "SLEPT")), record())
    copies.cut("b")
    with copies["b"].edit(Origin.LOCAL) as edit:
        edit.insert(copies["b"].text().index("EPT"), "human")
    copies["a"].undo()
    copies.join()
    (undone,) = copies.texts()
    assert undone.replace("human", "") == f"{TEXT}\nLast.\n"
    assert undone.count("human") == 1
    copies["a"].redo()
    (redone,) = copies.texts()
    assert redone.replace("human", "").replace("]r1[", "") == "The r1[DOG] r1[SLEPT] on the mat.\nLast.\n"
    assert "r1[SLhuman" not in redone


def test_words_that_are_accepted_in_a_table_leave_its_cells_as_they_are():
    document = draft("above", ("one", {"table": "1"}), ("two", {"table": "1"}), "below")
    passage = Passage(document, 6, 13)
    passage.accept([Rewrite(0, 7, "a\nb")], record())
    assert lines(document) == ["above", ("a\u2028b", {"table": "1"}), ("", {"table": "1"}), "below"]
    passage.close()
