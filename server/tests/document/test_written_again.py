"""What the server writes again: what a suggester takes back that somebody has accepted meanwhile."""

from __future__ import annotations

from typing import Any

import pytest
from pycrdt import Doc, Map

from cowrite_server.document.bounds import first_clocks
from cowrite_server.document.permissions import Forbidden, Gate
from cowrite_server.history.restoring import restoring
from cowrite_server.wire.protocol import Role
from table import (
    MARK,
    OTHER,
    Table,
    begin,
    body,
    change_of,
    characters,
    root,
)


def test_what_one_has_suggested_stays_where_somebody_has_accepted_it_meanwhile() -> None:
    table = Table()
    sue = table.copy()
    table.offer(Role.SUGGESTER, change_of(sue, lambda doc: body(doc).insert(5, " big", {**MARK, "bold": True})))
    table.offer(Role.SUGGESTER, change_of(sue, lambda doc: body(doc).insert_embed(9, {"image": "sha256:00"}, MARK)))
    table.edit(lambda doc: body(doc).format(5, 10, {"insertion": None}))
    before = characters(table.reader)

    def take_back_and_go_on(doc: Doc[Any]) -> None:
        del body(doc)[4:10]
        body(doc).insert(4, "o", MARK)

    with pytest.raises(Forbidden):  # a letter of the editor's with it
        table.offer(Role.SUGGESTER, change_of(table.copy(OTHER), take_back_and_go_on))
    update = change_of(sue, lambda doc: (body(doc).__delitem__(slice(5, 10)), body(doc).insert(0, "?", MARK)))
    sue.apply_update(table.offer(Role.SUGGESTER, update))
    assert table.gate.did_more
    assert characters(table.reader) == characters(sue)
    assert [each for each in characters(sue) if each != ("?", MARK)] == before
    table.offer(Role.SUGGESTER, change_of(sue, lambda doc: body(doc).__delitem__(slice(0, 1))))
    assert not table.gate.did_more


def test_the_document_says_by_which_ids_goes_what_the_server_writes_again() -> None:
    table = Table()
    sue = table.copy()
    for at, text in ((5, "a\N{HERB}d"), (6, "bc")):
        table.offer(Role.SUGGESTER, change_of(sue, lambda doc, at=at, text=text: body(doc).insert(at, text, MARK)))
    table.edit(lambda doc: body(doc).format(5, 13, {"insertion": None}))
    table.offer(Role.SUGGESTER, change_of(sue, lambda doc: body(doc).__delitem__(slice(5, 13))))
    (said,) = (each for id, each in root(table.reader, "suggestions").to_py().items() if id.startswith("back:"))
    ((name, (a, b, herb)),) = said.items()
    writer = int(name.removeprefix("back:"))
    assert (a, herb) == ([sue.client_id, a[1], writer, 0, 1], [sue.client_id, a[1] + 1, writer, 3, 3])
    assert b == [sue.client_id, b[1], writer, 1, 2]
    assert b[1] > herb[1] + 2


@pytest.mark.parametrize("has_suggestions", [False, True])
def test_what_is_written_again_is_none_of_the_entries_that_its_sender_has_to_be_allowed(has_suggestions) -> None:
    table = Table(has_suggestions=has_suggestions)
    sue = table.copy()
    table.offer(Role.SUGGESTER, change_of(sue, lambda doc: body(doc).insert(5, " big", MARK)))
    table.edit(lambda doc: body(doc).format(5, 9, {"insertion": None}))

    def take_back_and_say_so(doc: Doc[Any]) -> None:
        del body(doc)[5:9]
        doc.get("suggestions", type=Map)["s1"] = Map({"client": doc.client_id, "author": "Sue"})

    sue.apply_update(table.offer(Role.SUGGESTER, change_of(sue, take_back_and_say_so)))
    assert table.gate.did_more
    assert table.text == "Hello big plain world\n"
    assert len([id for id in root(table.reader, "suggestions") if id.startswith("back:")]) == 1

    def say_of_what_is_written_again(doc: Doc[Any]) -> None:
        doc.get("suggestions", type=Map)["back:77"] = Map({"back:77": [[doc.client_id, 0, 77, 0, 1]]})

    table.refuses(Role.SUGGESTER, change_of(table.copy(), say_of_what_is_written_again))


def test_what_somebody_else_has_suggested_does_not_go_where_it_was_accepted() -> None:
    table = Table()
    sue = table.copy()
    table.offer(Role.SUGGESTER, change_of(sue, lambda doc: body(doc).insert(5, " big", MARK)))
    table.edit(lambda doc: body(doc).format(5, 9, {"insertion": None}))
    table.person = "another"
    table.refuses(Role.SUGGESTER, change_of(table.copy(OTHER), lambda doc: body(doc).__delitem__(slice(5, 9))))
    table.person = None
    table.refuses(Role.SUGGESTER, change_of(table.copy(OTHER + 1), lambda doc: body(doc).__delitem__(slice(5, 9))))


def test_what_one_has_suggested_stays_also_where_the_server_has_forgotten_by_whom_it_was_written() -> None:
    table = Table()
    table.name = "Sue"

    def suggest(doc: Doc[Any]) -> None:
        begin(doc, "s1", author="Sue")
        body(doc).insert(5, " big", MARK)

    table.offer(Role.SUGGESTER, change_of(table.copy(), suggest))
    table.edit(lambda doc: body(doc).format(5, 9, {"insertion": None}))
    table.gate = Gate(table.presence)
    table.name = "Cy"
    table.refuses(Role.SUGGESTER, change_of(table.copy(OTHER), lambda doc: body(doc).__delitem__(slice(5, 9))))
    table.name = "Sue"
    sue = table.copy(OTHER)
    sue.apply_update(table.offer(Role.SUGGESTER, change_of(sue, lambda doc: body(doc).__delitem__(slice(5, 9)))))
    assert table.text == str(body(sue)) == "Hello big plain world\n"


def with_a_suggestion_brought_back() -> tuple[Table, Doc[Any]]:
    """Sue has suggested something, an editor has rejected it, and the history brings it back for an editor."""
    table = Table()
    sue = table.copy()

    def suggest(doc: Doc[Any]) -> None:
        begin(doc, "s1", author="Sue")
        body(doc).insert(5, " big", MARK)

    table.offer(Role.SUGGESTER, change_of(sue, suggest))
    then = table.replica.whole()
    table.edit(lambda doc: body(doc).__delitem__(slice(5, 9)))
    update = restoring(table.replica.whole(), then)
    ((restorer, _),) = first_clocks(update)
    table.gate.saw(restorer, "editor")  # as the log says when the room is read again
    table.edit(lambda doc: doc.apply_update(update))
    sue.apply_update(table.replica.whole())
    assert table.text == "Hello big plain world\n"
    return table, sue


def test_one_takes_back_what_the_history_has_brought_back_of_it_and_nobody_else_does() -> None:
    table, sue = with_a_suggestion_brought_back()
    table.person = "another"
    table.refuses(Role.SUGGESTER, change_of(table.copy(OTHER), lambda doc: body(doc).__delitem__(slice(5, 9))))
    table.person = "writer"
    table.offer(Role.SUGGESTER, change_of(sue, lambda doc: body(doc).__delitem__(slice(5, 7))))
    assert table.text == "Helloig plain world\n"


def test_what_the_history_has_brought_back_stays_where_somebody_has_accepted_it_meanwhile() -> None:
    table, sue = with_a_suggestion_brought_back()
    table.edit(lambda doc: body(doc).format(5, 9, {"insertion": None}))
    sue.apply_update(table.offer(Role.SUGGESTER, change_of(sue, lambda doc: body(doc).__delitem__(slice(5, 9)))))
    assert table.text == str(body(sue)) == "Hello big plain world\n"


def test_nobody_who_may_not_edit_says_what_the_history_has_brought_back() -> None:
    table, sue = with_a_suggestion_brought_back()
    table.person = "another"

    def claim(doc: Doc[Any]) -> None:
        root(doc, "suggestions")["s1~1"]["writers"] = [doc.client_id, sue.client_id]

    table.refuses(Role.SUGGESTER, change_of(table.copy(OTHER), claim))
    table.refuses(
        Role.SUGGESTER, change_of(table.copy(OTHER), lambda doc: begin(doc, "s2", writers=[OTHER, sue.client_id]))
    )


def test_a_few_bytes_do_not_make_the_server_write_very_much() -> None:
    table = Table()
    sue = table.copy()
    table.offer(Role.SUGGESTER, change_of(sue, lambda doc: body(doc).insert(5, 20_000 * "x", MARK)))
    table.edit(lambda doc: body(doc).format(5, 20_005, {"insertion": None}))
    table.refuses(Role.SUGGESTER, change_of(sue, lambda doc: body(doc).__delitem__(slice(5, 20_005))))
