"""What a document says of itself: its title, and who is told of it."""

from __future__ import annotations

from cowrite.core.mending.mended_document import MendedDocument
from cowrite.core.text.origin import Origin


def test_a_title_can_be_read_by_whoever_is_told_of_it():
    document, mate, seen = MendedDocument.new(clock=lambda: 0), MendedDocument(clock=lambda: 0), []
    document.meta.observe(lambda _none: seen.append(document.meta.title))
    mate.apply_remote(document.state())
    mate.meta.set_title("Garden")
    document.apply_remote(mate.state())
    document.meta.set_title("Park")

    assert seen == ["Garden", "Park"]


def test_a_title_goes_out_as_one_update_of_its_origin():
    document, told = MendedDocument.new(clock=lambda: 0), []
    document.observe_updates(told.append)
    document.meta.set_title("Garden", Origin.IMPORT)

    ((update, origin),) = told
    assert origin is Origin.IMPORT
    mate = MendedDocument(clock=lambda: 0)
    mate.apply_remote(update)
    assert mate.meta.title == "Garden"


def test_a_title_is_no_step_of_undo():
    document = MendedDocument.new(clock=lambda: 0, title="Garden")
    document.meta.set_title("Park")
    document.undo()

    assert document.meta.title == "Park"


def test_a_title_is_one_line_that_turns_no_words_beside_it_and_one_that_shows_nothing_is_none():
    document = MendedDocument.new(clock=lambda: 0)
    document.meta.set_title("Garden\u202e\nplan")
    assert document.meta.title == "Garden plan"
    document.meta.set_title("\ufffeGarden")
    assert document.meta.title == "Garden"
    document.meta.set_title(" \n\u200b")
    assert document.meta.title == ""
