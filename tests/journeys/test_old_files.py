"""What earlier cowrites wrote is all there in this one: archives that they made, see `tests/make_old_files.py`."""

from __future__ import annotations

import re
import shutil
import sqlite3
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPlainTextEdit

from cowrite.app.draft.draft import Draft
from cowrite.core.brainstorm.brainstorm import Brainstorm
from cowrite.core.decisions.decisions import Status
from cowrite.core.text.footnotes import text_of
from cowrite.core.text.richtext import joined
from cowrite_server.store.sqlite.database import FILE_NAME
from cowrite_server.wire.protocol import Close
from helpers.assisted import uses
from helpers.desk import SAVED, Desk, server
from helpers.history_desk import open_history, text, written_by
from helpers.session_table import Table
from helpers.team_server import TeamServer, administer
from make_old_files import OLD_FILES, PLACE, main

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(sys.platform == "win32", reason="the archives are those of other systems"),
]

MORE_SINCE = "2026-11-30"
"""Archives from this day on have footnotes, suggestions, histories and half notes, too."""


@pytest.fixture(params=[path.stem for path in sorted(OLD_FILES.glob("*.zip"))])
def day(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The day of an archive, whose files are in the test's folder."""
    day: str = request.param
    with zipfile.ZipFile(OLD_FILES / f"{day}.zip") as archive:
        archive.extractall(tmp_path)
    return day


@pytest.fixture
def team(day: str, tmp_path: Path) -> Iterator[TeamServer]:
    """Today's server on the data of then; all links lead to its port."""
    team = TeamServer(tmp_path)
    for path in [*tmp_path.glob("*/data/keys/sharing.json"), *tmp_path.glob("*.txt")]:
        path.write_text(re.sub(r"127\.0\.0\.1:\d+", f"127.0.0.1:{team.port}", path.read_text()))
    yield team
    team.process.kill()


def brainstorm(draft: Draft) -> Brainstorm:
    return draft.brainstorming.brainstorm


def opened(desk: Desk, words: str) -> Draft:
    """The document in somebody's library that begins with some words."""
    for path in sorted(desk.paths.library.glob("*.cowrite")):
        draft = desk.open(path)
        if draft.document.text().startswith(words):
            return draft
        assert draft.window.close()
    raise AssertionError(words)


def tables_of(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """The columns of each table and index of a database."""
    with closing(sqlite3.connect(path)) as connection:
        names = connection.execute("SELECT name FROM sqlite_schema WHERE name NOT LIKE 'sqlite%'").fetchall()
        return {name: connection.execute(f"PRAGMA table_xinfo('{name}')").fetchall() for (name,) in names}


def test_a_document_of_an_earlier_cowrite_has_each_word_mark_note_vote_and_picture(
    day: str, sit: Callable[..., Desk]
) -> None:
    ada = sit("Ada")
    assert ada.application.choices.settings.person[:2] == ("Ada", "#c4314b")
    draft = opened(ada, "Herbs")
    spans = joined(draft.document.spans())
    assert [(span.text, dict(span.attributes)) for span in spans if span.embed is None] == [
        *(("Herbs", {}), ("\n", {"header": 1}), ("We plant ", {}), ("basil", {"bold": True}), (" and ", {})),
        *(("thyme 👍", {"italic": True, "link": "https://example.org/"}), ("\ndig", {}), ("\n", {"list": "ordered"})),
        *(("when\nMay\n", {"table": "row-1"}), ("Sage is hardy.", {"ai": "use"}), ("\n", {})),
    ]
    image, *footnotes = (span.embed for span in spans if span.embed is not None)
    picture = draft.images.image_now(image["image"])
    assert picture is not None
    assert picture.width() == 8
    assert [text_of(embed) for embed in footnotes] == ["Thymus vulgaris"] * (day >= MORE_SINCE)
    (use,) = uses(draft.document)
    assert (use.record.task, use.record.model, use.record.by) == ("continue", "little", "Ada")

    (placed,) = draft.comments.flow.comments.all()
    thread, replies = placed.thread, [(reply.author.name, reply.text) for reply in placed.thread.replies]
    assert placed.place is not None
    assert draft.document.text()[slice(*placed.place)] == "basil"
    assert (thread.author.name, thread.text, replies) == ("Ada", "Which basil?", [("Ben", "Genovese")])

    board, (poll,), (decision,) = (
        brainstorm(draft).board,
        brainstorm(draft).polls.all(),
        brainstorm(draft).decisions.all(),
    )
    (weather,), (garden,), (link,) = board.groups(), board.frames(), board.links()
    rain, sun = sorted(board.notes(), key=lambda note: note.text)
    assert (rain.text, sun.text, weather.title, garden.title) == ("Rain", "Sun", "Weather", "Garden")
    assert {(note.author, note.colour, note.group) for note in (rain, sun)} == {("Ben", "blue", weather.id)}
    assert {link.start, link.end} == {sun.id, rain.id}
    votes = {ballot.voter: dict(ballot.dots) for ballot in poll.ballots}
    assert (poll.is_closed, votes) == (True, {"Ada": {sun.id: 2, rain.id: 1}, "Ben": {rain.id: 3}})
    assert (decision.question, decision.status, decision.outcome) == ("Where?", Status.ACCEPTED, "On the balcony.")
    balcony, cellar = decision.options
    assert (balcony.text, balcony.is_chosen, [pro.text for pro in balcony.pros]) == ("Balcony", True, ["sunny"])
    assert (cellar.text, cellar.is_chosen, [con.text for con in cellar.cons]) == ("Cellar", False, ["dark"])
    assert [(each.voter, each.position, each.reason) for each in decision.stances] == [("Ben", "agree", "warm")]
    (action,) = brainstorm(draft).decisions.actions.all()
    assert (action.what, action.owner, action.due) == ("Buy pots", "Ben", "2027-03-01")
    assert action.decision == decision.id
    if day >= MORE_SINCE:
        history = open_history(ada, draft, 1)
        assert text(history).startswith("Herbs")
        assert set(written_by(history)) == {"Ada"}


def test_what_an_earlier_cowrite_had_not_written_when_it_was_killed_is_there_and_what_it_shared_is_shared_again(
    day: str, sit: Callable[..., Desk]
) -> None:
    library = PLACE / day / "Ada" / "library"
    library.mkdir(parents=True, exist_ok=True)  # empty: its documents have been moved from there
    ada = sit("Ada")
    assert opened(ada, "Saved.").document.text() == "Saved. Not in the file.\n"
    draft = opened(ada, "From here.")
    ada.until(lambda: server(draft) == SAVED)
    shutil.rmtree(PLACE / day)


def test_work_that_was_under_way_on_a_server_goes_on_there(
    day: str, team: TeamServer, sit: Callable[..., Desk], tmp_path: Path
) -> None:
    ada, ben = sit("Ada"), sit("Ben")
    hers, his = opened(ada, "We meet"), opened(ben, "We meet")
    for desk, draft in ((ada, hers), (ben, his)):
        desk.until(lambda draft=draft: server(draft) == SAVED)
        desk.until(lambda draft=draft: draft.document.text() == "We meet on again Monday Bring cups..")
    session, (poll,) = brainstorm(hers).session, brainstorm(hers).polls.all()
    assert session is not None
    for desk, draft in ((ada, hers), (ben, his)):
        desk.until(lambda draft=draft: brainstorm(draft).box.contributions(session.id).notes == 4)
        assert brainstorm(draft).board.notes() == []
    if day >= MORE_SINCE:
        hers.brainstorming.show("session")
        assert Table(ada, hers).find(QPlainTextEdit, "A new note").toPlainText() == "Half a no"
        (change,) = his.changes.flow.changes.all()
        assert (change.author.name, change.comes) == ("Ben", "again ")
    brainstorm(hers).box.reveal(session.id)
    brainstorm(hers).box.close(poll.id)
    for desk, draft in ((ada, hers), (ben, his)):
        desk.until(lambda draft=draft: len(brainstorm(draft).visibility.published()) == 4)
        notes = sorted((note.text, note.author) for note in brainstorm(draft).visibility.published())
        assert notes == [("Cake", "Ada"), ("Cups", "Ada"), ("Music", "Ben"), ("Tea", "Ada")]
        desk.until(lambda draft=draft: brainstorm(draft).polls.all()[0].is_closed)
        (ballot,) = brainstorm(draft).polls.all()[0].ballots
        assert (ballot.voter, ballot.position, ballot.reason) == ("Ben", "concern", "too early")
    members = administer(team.data, "members", "plan").splitlines()
    his_role = "suggester" if day >= MORE_SINCE else "editor"
    assert [line.split()[:3] for line in members] == [["1", "owner", "Ada"], ["2", his_role, "Ben"]]
    guest = sit("Cleo").join((tmp_path / "link.txt").read_text())
    ada.until(lambda: guest.document.text() == hers.document.text())
    stranger = sit("Dan").join((tmp_path / "withdrawn.txt").read_text())
    ada.until(lambda: stranger.shared.status.close is Close.WITHDRAWN)


def test_a_store_and_a_backup_of_an_earlier_server_are_whole_and_have_the_tables_of_a_new_one(
    day: str, tmp_path: Path
) -> None:
    administer(tmp_path / "new", "invite", "--url", "ws://host", "plan")
    administer(tmp_path / "restored", "restore", str(tmp_path / "backup.db"))
    for folder in (tmp_path / "data", tmp_path / "restored", tmp_path / "Ada" / "data" / "hosted"):
        assert administer(folder, "verify") == "Everything is sound: 1 room."
        assert tables_of(folder / FILE_NAME) == tables_of(tmp_path / "new" / FILE_NAME)
    acts = administer(tmp_path / "data", "audit").splitlines()
    assert [line.split()[4] for line in acts if "host" in line] == [
        "withdrawn",
        "invited",
        "invited",
        "invited",
        "invited",
    ]


@pytest.mark.parametrize(
    ("day", "said"), [("2026-11-28", "never changed"), ("2026-13-01", "is no day"), ("yesterday", "is no day")]
)
def test_no_archive_is_made_anew_or_of_what_is_no_day(day: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    before = {path: path.stat().st_mtime_ns for path in OLD_FILES.iterdir()}
    with pytest.raises(SystemExit):
        main([day])
    assert said in capsys.readouterr().err
    assert {path: path.stat().st_mtime_ns for path in OLD_FILES.iterdir()} == before
