"""What takes long to read and is pasted or dropped: it is read beside the event loop, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import Semaphore

import pytest
from PySide6.QtCore import QCoreApplication, QMimeData, QUrl
from PySide6.QtGui import QColor, QImage

from cowrite.app.draft.draft import Draft
from cowrite.bridge.file import image_files
from cowrite.core.text.change import Change
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import Insert, Line, joined, lines_of
from cowrite.core.text.table import MOST_CELLS, Table, row_id, with_tables
from cowrite.gui.page import clipboard, slow_paste
from cowrite.gui.window.inserting import COMING
from helpers.desk import notices, write
from helpers.suggesting import changes_of

PICTURE = "\ufffc"
HTML = "<h2>Harvest</h2><ul><li>one <b>apple</b></li><li>two</li></ul><p>and the end</p>" * 3


@pytest.fixture(autouse=True)
def short_is_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any picture, and HTML and plain text of 100 characters, take long to read."""
    monkeypatch.setattr(image_files, "LARGE_IMAGES", 1)
    monkeypatch.setattr(clipboard, "LONG", 100)
    monkeypatch.setattr(slow_paste, "LONG_HTML", 100)
    monkeypatch.setattr(slow_paste, "LOOK", 0)


@pytest.fixture
def let(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], None]]:
    """Lets so many parts be read; without it none is."""
    gate = Semaphore(0)
    for name in ("_read_file", "_read_html"):
        read = getattr(slow_paste, name)
        monkeypatch.setattr(slow_paste, name, lambda *args, read=read: (gate.acquire(), read(*args))[1])
    yield gate.release
    gate.release(100)


def photographs(folder: Path, number: int) -> list[Path]:
    paths = [folder / f"{each}.png" for each in range(number)]
    for each, path in enumerate(paths):
        image = QImage(30, 20, QImage.Format.Format_RGB32)
        image.fill(QColor(each, 100, 100))
        image.save(str(path))
    return paths


def paste_files(draft: Draft, paths: list[Path]) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    draft.editor.insertFromMimeData(data)


def paste_markdown(draft: Draft) -> None:
    data = QMimeData()
    data.setText("# Harvest\n\n- one **apple**\n- two\n\n" * 4)
    draft.editor.insertFromMimeData(data)


def paste_html(draft: Draft, html: str = HTML) -> None:
    data = QMimeData()
    data.setHtml(html)
    draft.editor.insertFromMimeData(data)


def unlike_rows(draft: Draft) -> list[Line]:
    """The lines of a draft, without the names of rows, which no two pastings share."""
    names: dict[str, str] = {}
    lines = lines_of(joined(draft.document.spans()), keeps_unknown=True)
    return [
        replace(line, attributes={**line.attributes, "table": names.setdefault(row, str(len(names)))})
        if (row := row_id(line.attributes))
        else line
        for line in lines
    ]


def until(holds: Callable[[], object]) -> None:
    while not holds():
        QCoreApplication.processEvents()


def is_in(draft: Draft) -> bool:
    return draft.editor.pasting._slow is None


def test_photographs_come_in_one_after_the_other_and_are_one_step_of_undo(draft, desk, tmp_path, let):
    write(draft, "before after")
    draft.editor.set_caret(7)
    paste_files(draft, photographs(tmp_path, 3))
    let(1)
    until(lambda: PICTURE in draft.document.text())
    until(lambda: "1 of 3 images are in" in notices(draft))
    assert draft.document.text() == f"before {PICTURE}after\n"
    let(2)
    until(lambda: is_in(draft))
    assert draft.document.text() == f"before {PICTURE * 3}after\n"
    shown = [draft.images.image(span.embed["image"]) for span in draft.document.spans() if span.embed]
    assert [image.pixelColor(0, 0).red() for image in shown] == [0, 1, 2]
    assert COMING not in draft.window.notices.ids()
    assert draft.editor.caret() == (10, 10)
    draft.editor.undo_own()
    assert draft.document.text() == "before after\n"
    draft.editor.redo_own()
    assert draft.document.text() == f"before {PICTURE * 3}after\n"


def test_cancel_leaves_what_is_in_and_brings_no_more(draft, tmp_path, let):
    paste_files(draft, photographs(tmp_path, 5))
    let(2)
    until(lambda: "2 of 5 images are in" in notices(draft))
    draft.window.notices.answered.emit(COMING, "stop")
    let(3)
    draft.editor.pasting.finish()
    assert draft.document.text() == PICTURE * 2 + "\n"
    assert COMING not in draft.window.notices.ids()


def test_files_among_them_that_are_no_pictures_are_named(draft, tmp_path):
    paths = photographs(tmp_path, 2)
    paths[0].write_bytes(b"no picture")
    paste_files(draft, paths)
    until(lambda: is_in(draft))
    assert draft.document.text() == PICTURE + "\n"
    assert "one of these files could not be read" in notices(draft)


def test_a_window_that_closes_has_all_of_them(draft, desk, tmp_path):
    paste_files(draft, photographs(tmp_path, 3))
    path = draft.path
    assert draft.window.close()
    again = desk.open(path)
    assert again.document.text() == PICTURE * 3 + "\n"
    assert all(again.images.original(span.embed["image"]) for span in again.document.spans() if span.embed)


def table_html(rows: int, columns: int = 2) -> str:
    row = "<tr>" + "".join(f"<td>cell {number}" for number in range(columns))
    return f"<table border=1>{row * rows}</table>"


def paste_tables(draft: Draft) -> None:
    paste_html(draft, f"<p>above {table_html(3)}<p>between {table_html(2, 3)}")


def paste_items(draft: Draft) -> None:
    paste_html(draft, HTML + "<ol start=4><li>" + "<li>".join("abcdefgh") + "</ol>")


@pytest.mark.parametrize("paste", [paste_html, paste_markdown, paste_tables, paste_items])
def test_what_is_long_is_in_the_end_as_if_it_had_come_at_once(draft, monkeypatch, paste):
    monkeypatch.setattr(slow_paste, "LINES", 2)
    write(draft, "before after")
    for place in ((0, 0), (9, 3), (12, 12)):
        results = []
        for long in (10**6, 100):
            monkeypatch.setattr(clipboard, "LONG", long if paste is paste_markdown else 10**6)
            monkeypatch.setattr(slow_paste, "LONG_HTML", long)
            draft.editor.set_caret(*place)
            draft.document.steps.begin()
            paste(draft)
            assert is_in(draft) == (long != 100)
            until(lambda: is_in(draft))
            results.append((unlike_rows(draft), draft.editor.caret()))
            draft.editor.undo_own()
            assert draft.document.text() == "before after\n"
        assert results[0] == results[1], place


@pytest.mark.parametrize("is_suggesting", [False, True])
def test_many_lines_come_in_some_at_a_time_and_are_one_step_of_undo(draft, monkeypatch, is_suggesting):
    monkeypatch.setattr(slow_paste, "LINES", 4)
    write(draft, "before after")
    if is_suggesting:
        changes_of(draft.document)
    draft.editor.set_caret(7)
    changes: list[Change] = []
    draft.document.observe_changes(changes.append)
    paste_html(draft, f"<p>above</p>{table_html(15)}<p>{'</p><p>'.join('abcdef')}</p>")
    until(lambda: is_in(draft))
    came = [sum(op.span.text.count("\n") for op in change.ops if isinstance(op, Insert)) for change in changes]
    assert len(came) > 8, came
    assert max(came) <= 6, came
    assert draft.editor.toPlainText() == draft.document.text().removesuffix("\n")
    assert draft.document.text() == "before above\n" + "cell 0\ncell 1\n" * 15 + "a\nb\nc\nd\ne\nfafter\n"
    assert [len(part.rows) for part in with_tables(unlike_rows(draft)) if isinstance(part, Table)] == [15]
    draft.editor.undo_own()
    assert draft.document.text() == "before after\n"


def paste_rows_while(draft: Draft, monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[], object]) -> None:
    """Pastes a table in an empty line of a draft; something happens once a part is in."""
    monkeypatch.setattr(slow_paste, "LINES", 4)
    paste_html(draft, table_html(15))
    until(lambda: "cell" in draft.document.text())
    meanwhile()
    until(lambda: is_in(draft))
    assert draft.document.text().count("cell 0") == draft.document.text().count("cell 1") == 15
    assert draft.editor.toPlainText() == draft.document.text().removesuffix("\n")


def test_what_somebody_writes_below_a_table_that_comes_in_stays_below_it(draft, monkeypatch):
    def mate() -> None:
        with draft.document.edit(Origin.REMOTE) as edit:
            edit.insert(draft.document.text().rindex("cell 1") + 7, "a teammate\n")

    paste_rows_while(draft, monkeypatch, lambda: (mate(), write(draft, "typed")))
    below = draft.document.text().rpartition("cell 1\n")[2]
    assert below.count("a teammate") == below.count("typed") == 1
    assert [len(part.rows) for part in with_tables(unlike_rows(draft)) if isinstance(part, Table)] == [15]


def test_rows_that_still_come_in_are_a_table_of_their_own_where_somebody_deletes_those_above(draft, monkeypatch):
    write(draft, "above\n")

    deleted: list[int] = []

    def delete_all() -> None:
        text = draft.document.text()
        deleted.append(text.count("cell 0"))
        with draft.document.edit(Origin.REMOTE) as edit:
            edit.delete(0, text.rindex("cell 1") + 7)
            edit.insert(0, "cell 0 cell 1 " * deleted[0])

    paste_rows_while(draft, monkeypatch, delete_all)
    (table,) = [part for part in with_tables(unlike_rows(draft)) if isinstance(part, Table)]
    assert len(table.rows) == 15 - deleted[0]


def test_a_cell_does_not_take_a_table_that_is_too_large(draft):
    draft.editor.tables.insert(2, 2)
    paste_html(draft, table_html(MOST_CELLS + 1))
    until(lambda: is_in(draft))
    (table,) = [part for part in with_tables(unlike_rows(draft)) if isinstance(part, Table)]
    assert (len(table.rows), table.columns) == (2, 2)
    assert draft.document.text().count("cell 0\tcell 1\n") == MOST_CELLS + 1
    assert "stands below the table" in notices(draft)
    draft.editor.undo_own()
    assert "cell" not in draft.document.text()


def test_that_a_table_is_lines_with_tabs_is_said(draft, monkeypatch):
    for is_long in (True, False):
        monkeypatch.setattr(slow_paste, "LONG_HTML", 1 if is_long else 10**6)
        paste_html(draft, table_html(MOST_CELLS))
        until(lambda: is_in(draft))
        assert "the rows of a larger one that you put in are lines with tabs" in notices(draft)
        draft.window.notices.remove("table")


def test_many_cells_that_a_spreadsheet_offers_with_their_picture_are_read_beside_the_event_loop(draft, let):
    data = QMimeData()
    data.setHtml(table_html(9))
    data.setText("cell 0\tcell 1\n" * 9)
    data.setImageData(QImage(4, 4, QImage.Format.Format_RGB32))
    draft.editor.insertFromMimeData(data)
    assert not is_in(draft)
    let(1)
    until(lambda: is_in(draft))
    assert draft.document.text().count("cell 0") == 9


def test_everybody_goes_on_writing_meanwhile(draft, let):
    write(draft, "before after")
    draft.editor.set_caret(7)
    paste_html(draft, f"<p>{'pasted ' * 20}</p>")
    write(draft, "typed ")
    with draft.document.edit(Origin.REMOTE) as edit:
        edit.insert(0, "a teammate; ")
    let(1)
    until(lambda: is_in(draft))
    assert draft.document.text() == f"a teammate; before {('pasted ' * 20).strip()}typed after\n"
    assert draft.document.text()[draft.editor.caret()[1] :] == "after\n"
    draft.editor.undo_own()
    assert draft.document.text() == "a teammate; before typed after\n"


def test_undo_before_anything_is_in_takes_back_the_pasting_alone(draft, let):
    write(draft, "before")
    paste_html(draft)
    draft.editor.undo_own()
    let(1)
    draft.editor.pasting.finish()
    assert draft.document.text() == "before\n"


def test_who_may_write_no_longer_gets_no_more(draft, let):
    paste_html(draft)
    draft.window.show_read_only("You may only read now.")
    let(1)
    until(lambda: is_in(draft))
    assert draft.document.text() == "\n"
    assert "you may no longer write here" in notices(draft)


def test_undo_of_what_was_typed_meanwhile_leaves_what_is_still_to_come(draft, tmp_path, let):
    write(draft, "before after")
    draft.editor.set_caret(7)
    paste_files(draft, photographs(tmp_path, 2))
    for number in (1, 2):
        draft.editor.set_caret(0)
        write(draft, "typed")
        draft.editor.undo_own()
        let(1)
        until(lambda number=number: draft.document.text().count(PICTURE) == number)
    assert draft.document.text() == f"before {PICTURE * 2}after\n"


def test_undo_of_what_is_in_ends_the_rest(draft, tmp_path, let):
    write(draft, "before")
    paste_files(draft, photographs(tmp_path, 3))
    let(1)
    until(lambda: PICTURE in draft.document.text())
    draft.editor.undo_own()
    let(2)
    draft.editor.pasting.finish()
    assert draft.document.text() == "before\n"
