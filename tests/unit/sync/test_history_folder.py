"""The histories of documents on this computer, in a real store."""

from __future__ import annotations

import shutil
import sqlite3
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from pycrdt import Doc, Text

from cowrite.sync.history_folder import COMPACT_AFTER, HistoryFolder, HistoryGone, HistoryUnusable, Start
from cowrite_server.errors import NamedOtherwise, NoSuchMoment, RoomUnreadable
from cowrite_server.history.moments import TOGETHER
from cowrite_server.history.restoring import text_of
from cowrite_server.store.sqlite.store import SqliteStore
from cowrite_server.wire.history import Naming

MINUTE = 60_000


class Writer:
    """A document, and the updates that have not been kept."""

    def __init__(self, words: str = "") -> None:
        self.doc: Doc[Any] = Doc()
        self.body = self.doc.get("body", type=Text)
        self.body += words
        self.updates: list[bytes] = []
        self.subscription = self.doc.observe(lambda event: self.updates.append(event.update))

    def write(self, words: str) -> None:
        self.body += words

    def take(self) -> list[bytes]:
        taken, self.updates[:] = list(self.updates), []
        return taken


class Folder:
    """Histories at a time that a test sets."""

    def __init__(self, path: Path) -> None:
        self.now = 100 * MINUTE
        self.path = path
        self.histories = HistoryFolder(path, lambda: self.now)

    def again(self) -> None:
        self.histories = HistoryFolder(self.path, lambda: self.now)

    async def texts(self, document: str) -> list[str]:
        moments = (await self.histories.moments(document)).moments
        return [text_of((await self.histories.moment(document, each.seq)).document) for each in moments]


@pytest.fixture
async def folder(tmp_path: Path) -> AsyncIterator[Folder]:
    """A folder that is closed at the end."""
    folder = Folder(tmp_path / "histories")
    yield folder
    await folder.histories.close()


async def test_a_document_is_there_as_it_was_before_and_after_each_change(folder):
    writer = Writer("Old.")
    start = Start(folder.now + 100 * MINUTE, [writer.doc.get_update()])  # a file can say so
    writer.write(" New.")
    await folder.histories.keep("plan", start, writer.take())
    folder.now += 10 * MINUTE
    writer.write(" Newer.")
    await folder.histories.keep("plan", None, writer.take())
    assert await folder.texts("plan") == ["Old.", "Old. New.", "Old. New. Newer."]
    ended = [moment.ended for moment in (await folder.histories.moments("plan")).moments]
    assert ended == [100 * MINUTE - 2 * TOGETHER, 100 * MINUTE, 110 * MINUTE]
    newest = await folder.histories.moment("plan", 3)
    assert [(span.length, span.member is None) for span in newest.spans] == [(4, True), (12, False)]
    assert await folder.texts("other") == []


async def test_a_version_that_is_named_stays_as_it_was_and_goes_with_its_history(folder):
    writer = Writer("One.")
    assert await folder.histories.last("plan") == 0
    with pytest.raises(NoSuchMoment):
        await folder.histories.name("plan", Naming(0, "", "Nothing"))
    await folder.histories.keep("plan", Start(folder.now - MINUTE, [writer.doc.get_update()]), [])
    writer.write(" Two.")
    await folder.histories.keep("plan", None, writer.take())
    last = await folder.histories.last("plan")
    assert await folder.histories.name("plan", Naming(last, "", "Sent")) == last
    writer.write(" Three.")
    await folder.histories.keep("plan", None, writer.take())
    found = (await folder.histories.moments("plan")).moments
    assert [(each.seq, each.name and each.name.text) for each in found][-2:] == [(2, "Sent"), (3, None)]
    assert await folder.texts("plan") == ["One.", "One. Two.", "One. Two. Three."]
    with pytest.raises(NamedOtherwise):
        await folder.histories.name("plan", Naming(last, "", "Mine"))
    await folder.histories.forget("plan")
    assert await folder.texts("plan") == []


async def test_what_came_about_without_a_history_is_added_once(folder):
    writer = Writer("One.")
    await folder.histories.keep("plan", Start(folder.now, [writer.doc.get_update()]), [])
    await folder.histories.close()
    folder.again()
    folder.now += 10 * MINUTE
    writer.write(" Two.")
    del writer.body[0:5]
    for _ in range(2):
        await folder.histories.keep("plan", Start(folder.now, [writer.doc.get_update()]), [])
    assert await folder.texts("plan") == ["One.", "Two."]


async def test_what_was_deleted_before_a_history_begins_is_not_in_it(folder):
    writer = Writer("Secret.")
    before = writer.doc.get_update()
    del writer.body[0:7]
    writer.write("Open.")
    start = Start(folder.now, [before, *writer.take()])
    await folder.histories.keep("plan", start, [])
    await folder.histories.close()
    assert b"Secret." not in b"".join(path.read_bytes() for path in folder.path.iterdir())
    folder.again()
    assert await folder.texts("plan") == ["Open."]


async def test_a_document_that_was_put_back_from_a_backup_is_that_in_its_history_and_finds_what_it_has_lost(folder):
    writer = Writer("One.")
    backup = writer.doc.get_update()
    await folder.histories.keep("plan", Start(folder.now, [backup]), [])
    folder.now += 10 * MINUTE
    writer.write(" Two.")
    await folder.histories.keep("plan", None, writer.take())
    # Of a beginning that could not be added before what came after it nothing is lost.
    await folder.histories.keep("plan", Start(folder.now, [backup], writer.doc.get_state()), [])
    assert await folder.texts("plan") == ["One.", "One. Two."]
    folder.now += 10 * MINUTE
    writer = Writer()
    writer.doc.apply_update(backup)
    for _ in range(2):
        await folder.histories.keep("plan", Start(folder.now, [backup]), [])
    folder.now += 10 * MINUTE
    writer.take()
    writer.write(" Three.")
    await folder.histories.keep("plan", None, writer.take())
    assert await folder.texts("plan") == ["One.", "One. Two.", "One.", "One. Three."]
    writer.doc.apply_update(await folder.histories.restoring("plan", 2, writer.doc.get_update()))
    await folder.histories.keep("plan", None, writer.take(), 2)
    assert str(writer.body) == "One. Two."
    assert (await folder.texts("plan"))[-1] == "One. Two."


async def test_the_way_back_stands_by_itself_and_leads_back_again(folder):
    writer = Writer()
    writer.write("First.")
    await folder.histories.keep("plan", None, writer.take())
    writer.write(" Second.")
    await folder.histories.keep("plan", None, writer.take())
    back = await folder.histories.restoring("plan", 1, writer.doc.get_update())
    writer.doc.apply_update(back)
    assert str(writer.body) == "First."
    await folder.histories.keep("plan", None, writer.take(), 1)
    assert await folder.texts("plan") == ["First. Second.", "First."]
    with pytest.raises(NoSuchMoment):
        await folder.histories.restoring("plan", 9, b"\x00\x00")
    with pytest.raises(NoSuchMoment):
        await folder.histories.moment("other", 1)


async def test_a_history_that_is_forgotten_is_in_no_byte_of_the_folder(folder):
    for document in ("plan", "other"):
        writer = Writer()
        writer.write(f"Words of the {document}.")
        await folder.histories.keep(document, None, writer.take())
    await folder.histories.forget("plan")
    await folder.histories.forget("nothing")
    await folder.histories.close()
    found = b"".join(path.read_bytes() for path in folder.path.iterdir())
    assert b"Words of the other." in found
    assert b"Words of the plan." not in found
    folder.again()
    writer = Writer()
    writer.write("Anew.")
    await folder.histories.keep("plan", None, writer.take())
    assert await folder.texts("plan") == ["Anew."]


async def test_where_traces_of_a_history_stay_that_is_said_and_they_go_the_next_time(folder, monkeypatch):
    async def refuse(_store: object) -> str:
        return "Its file could not be written anew."

    writer = Writer()
    writer.write("Words of the plan.")
    await folder.histories.keep("plan", None, writer.take())
    with monkeypatch.context() as patched:
        patched.setattr(SqliteStore, "wipe", refuse)
        with pytest.raises(HistoryUnusable, match="written anew"):
            await folder.histories.forget("plan")
    await folder.histories.forget("plan")
    await folder.histories.close()
    assert b"Words of the plan." not in b"".join(path.read_bytes() for path in folder.path.iterdir())


async def test_a_long_log_becomes_shorter_when_its_document_is_opened_and_its_moments_stay(folder):
    writer = Writer()
    for words in ("a", "b"):
        writer.write(words * COMPACT_AFTER)
        await folder.histories.keep("plan", None, writer.take())
        folder.now += 10 * MINUTE
    before = await folder.histories.moments("plan")
    await folder.histories.close()
    size = sum(path.stat().st_size for path in folder.path.iterdir())
    folder.again()
    folder.now += 40 * 24 * 60 * MINUTE
    await folder.histories.keep("plan", Start(folder.now, [writer.doc.get_update()]), [])
    assert (await folder.histories.moments("plan")).moments == before.moments
    assert [len(text) for text in await folder.texts("plan")] == [COMPACT_AFTER, 2 * COMPACT_AFTER]
    await folder.histories.close()
    assert sum(path.stat().st_size for path in folder.path.iterdir()) < size


async def test_damaged_histories_are_set_aside_and_begin_anew(folder, caplog):
    folder.path.mkdir()
    (folder.path / "cowrite-server.sqlite3").write_bytes(b"")
    writer = Writer()
    writer.write("Words.")
    await folder.histories.keep("plan", None, writer.take())
    assert await folder.texts("plan") == ["Words."]
    assert (folder.path.parent / "histories-damaged-1" / "cowrite-server.sqlite3").exists()
    assert "begin anew" in caplog.text
    caplog.clear()


async def test_what_was_set_aside_goes_with_the_first_history_that_is_deleted_for_it_may_be_there_too(folder):
    aside = folder.path.parent / "histories-damaged-1"
    aside.mkdir()
    (aside / "cowrite-server.sqlite3").write_bytes(b"Secret.")
    await folder.histories.forget("plan")
    assert not aside.exists()


async def test_a_folder_that_cannot_be_used_is_named_with_the_reason_and_tried_again(folder):
    folder.path.write_text("no folder")
    writer = Writer()
    writer.write("Words.")
    updates = writer.take()
    with pytest.raises(HistoryUnusable, match="cannot be kept") as caught:
        await folder.histories.keep("plan", None, updates)
    assert caught.value.folder == folder.path
    folder.path.unlink()
    await folder.histories.keep("plan", None, updates)
    assert await folder.texts("plan") == ["Words."]


@pytest.mark.skipif(sys.platform == "win32", reason="nobody can take away there what is open")
async def test_histories_that_are_taken_away_begin_anew_with_what_their_documents_are(folder):
    writer = Writer("Words.")
    await folder.histories.keep("plan", None, [writer.doc.get_update()])
    shutil.rmtree(folder.path)
    writer.take()
    writer.write(" More.")
    with pytest.raises(HistoryGone) as caught:
        await folder.histories.keep("plan", None, writer.updates, goes_on=True)
    assert caught.value.folder == folder.path
    await folder.histories.keep("plan", Start(folder.now, [writer.doc.get_update()]), [])
    writer.take()
    writer.write(" And more.")
    await folder.histories.keep("plan", None, writer.updates, goes_on=True)
    assert await folder.texts("plan") == ["Words. More.", "Words. More. And more."]


async def test_a_damaged_history_is_told_from_one_that_could_not_be_written(folder):
    writer = Writer()
    writer.write("Words.")
    await folder.histories.keep("plan", None, writer.take())
    await folder.histories.close()
    connection = sqlite3.connect(folder.path / "cowrite-server.sqlite3")
    with connection:
        connection.execute("UPDATE updates SET data = x'ff'")
    connection.close()
    folder.again()
    with pytest.raises(RoomUnreadable):
        await folder.histories.keep("plan", Start(folder.now, [writer.doc.get_update()]), [])
