"""Makes an archive of all that cowrite keeps, as this cowrite writes it (`python tests/make_old_files.py DAY`).

`tests/journeys/test_old_files.py` opens each archive in `tests/old_files` with the cowrite of today. Make one before a
format changes, and never change one that is there. An archive has the homes of two people, of whom one's cowrite was
killed, and the data folder of their server, which was killed, and a backup of it from before.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import time
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from cowrite.app.draft.draft import Draft
from cowrite.app.start.run import make_qt_application
from cowrite.bridge.file.pictures import png_of
from cowrite.core.board.items import Note, Place
from cowrite.core.brainstorm.brainstorm import Brainstorm
from cowrite.core.decisions.actions import Action
from cowrite.core.decisions.decisions import Decision, Status
from cowrite.core.decisions.parts import Argument, Choice, Stance
from cowrite.core.document.assists import AssistRecord
from cowrite.core.entries.authors import Author
from cowrite.core.sessions.polls import Ballot, Option, Poll, PollKind
from cowrite.core.sessions.sessions import Phase, Session
from cowrite.core.text.footnotes import embed_of
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import Span
from helpers.closed_polls import close_poll
from helpers.desk import SAVED, Desk, here, server, share, write
from helpers.session_table import Table
from helpers.team_server import TeamServer, administer

PLACE = Path("/tmp/cowrite-old-files")
"""Where archives are made: what a killed cowrite leaves says where its document was."""

OLD_FILES = Path(__file__).parent / "old_files"

TEXT: tuple[tuple[str, dict[str, object]], ...] = (
    ("Herbs", {}), ("\n", {"header": 1}),
    ("We plant ", {}), ("basil", {"bold": True}), (" and ", {}), ("thyme 👍", {"italic": True, "link": "https://example.org/"}),
    ("\n", {}), ("dig", {}), ("\n", {"list": "ordered"}), ("when", {"table": "row-1"}), ("\n", {"table": "row-1"}),
    ("May", {"table": "row-1"}), ("\n", {"table": "row-1"}),
)  # fmt: skip


NEEDLESS = {"log", "cache", "reserve", "server.log", "server.json"}
"""Folders and files that are not in an archive."""


class Waiter:
    """As much of qtbot as a desk uses."""

    def waitUntil(self, holds: Callable[[], object], timeout: int) -> None:  # noqa: N802 - qtbot's name
        end = time.monotonic() + timeout / 1000  # milliseconds
        while not holds():
            assert time.monotonic() < end, holds
            QApplication.processEvents()
            time.sleep(0.005)  # threads and processes are at work, which have no signal for this one


def brainstorm(draft: Draft) -> Brainstorm:
    return draft.brainstorming.brainstorm


def own(desk: Desk) -> None:
    """A document of one person's own, with all that a document can hold."""
    draft = desk.new()
    picture = QImage(8, 8, QImage.Format.Format_RGB32)
    picture.fill(QColor("teal"))
    name = draft.images.put(png_of(picture), "image/png")
    record = AssistRecord("use", "continue", model="little", time=5, by="Ada")
    at = 0
    with draft.document.edit(Origin.LOCAL) as edit:
        for text, attributes in TEXT:
            edit.insert(at, text, attributes)
            at += len(text.encode("utf-16-le")) // 2
        edit.insert_embed(at, {"image": name})
        edit.insert_embed(at + 1, embed_of([Span("Thymus vulgaris")]))
    with draft.document.edit(Origin.ASSIST, record=record) as edit:
        edit.insert(at, "Sage is hardy.")
    me = Author("Ada", "#c4314b", "ada")
    comments = draft.comments.flow.comments
    thread = comments.add(15, 20, "Which basil?", me)
    comments.reply(thread, "Genovese", Author("Ben", "#2f5fd0", "ben"))
    draft.brainstorming.show("board")
    board = brainstorm(draft).board
    sun, rain = board.add(Note("", text, Place(9, 9), author="Ben", colour="blue") for text in ("Sun", "Rain"))
    board.group([sun, rain], "Weather")
    board.add_frame("Garden", Place(0, 0, 400, 300))
    board.link(sun, rain)
    polls = brainstorm(draft).polls
    poll = polls.open(Poll("", PollKind.DOTS, "What matters?", (Option(sun, "Sun"), Option(rain, "Rain")), budget=3))
    close_poll(polls, poll, [Ballot(dots={sun: 2, rain: 1}, voter="Ada"), Ballot(dots={rain: 3}, voter="Ben")])
    choices = Choice("Balcony", pros=(Argument("sunny"),), is_chosen=True), Choice("Cellar", cons=(Argument("dark"),))
    decisions = brainstorm(draft).decisions
    stances = (Stance("Ben", "agree", "warm"),)
    decision = decisions.add(
        Decision("", "Where?", Status.ACCEPTED, options=choices, outcome="On the balcony.", stances=stances)
    )
    decisions.actions.add(Action("", "Buy pots", owner="Ben", due="2027-03-01", decision=decision))
    assert draft.window.close()


def hosted(desk: Desk) -> None:
    """A document that is shared from this computer."""
    draft = desk.new()
    write(draft, "From here.")
    share(desk, draft)
    assert draft.window.close()


def together(ada: Desk, ben: Desk, team: TeamServer) -> None:
    """A document on a server, where a session seals notes and a ballot; Ada writes on when the server is gone."""
    hers = ada.join(team.invite("plan", "owner"))
    ada.until(lambda: server(hers) == SAVED)
    write(hers, "We meet on Monday.")
    his = ben.join(team.invite("plan", "suggester"))
    ben.until(lambda: server(his) == SAVED and his.document.text() == hers.document.text())
    his.editor.set_caret(11)
    write(his, "again ")
    ada.until(lambda: hers.document.text() == "We meet on again Monday.")
    session = brainstorm(hers).sessions.begin(Session("", "What now?", phase=Phase.WRITE))
    poll = brainstorm(hers).polls.open(
        Poll("", PollKind.CONSENT, "Monday?", (Option("monday", "Monday"),), session=session)
    )
    ben.until(lambda: brainstorm(his).polls.get(poll) is not None)
    brainstorm(hers).write(Note("", word, Place(0, 0)) for word in ("Cake", "Tea"))
    brainstorm(his).write([Note("", "Music", Place(0, 0))])
    brainstorm(his).box.put_ballot(poll, Ballot(position="concern", reason="too early"))
    ada.until(lambda: brainstorm(hers).box.voters(poll) == 1 and brainstorm(hers).box.contributions(session).notes == 3)
    administer(team.data, "backup", str(team.data.parent / "backup.db"))
    withdrawn = administer(team.data, "invite", "--role", "viewer", "--url", f"ws://127.0.0.1:{team.port}", "plan")
    (team.data.parent / "link.txt").write_text(team.invite("plan", "commenter"))
    (team.data.parent / "withdrawn.txt").write_text(withdrawn)
    administer(team.data, "revoke", "plan", "3")
    for desk, draft in ((ada, hers), (ben, his)):
        desk.until(lambda draft=draft: server(draft) == SAVED)
    ben.leave()
    team.process.kill()
    ada.until(lambda: server(hers).startswith("Offline"))
    hers.editor.set_caret(hers.document.length - 1)
    write(hers, " Bring cups.")
    brainstorm(hers).write([Note("", "Cups", Place(0, 0))])
    hers.brainstorming.show("session")
    QTest.keyClicks(Table(ada, hers).find(QPlainTextEdit, "A new note"), "Half a no")


def play(root: Path) -> None:
    """What two people do below a folder, until it is killed."""
    ada, ben = (Desk(root / name, Waiter(), name, keeps_history=name == "Ada") for name in ("Ada", "Ben"))
    own(ada)
    hosted(ada)
    together(ada, ben, TeamServer(root))
    draft = ada.new()
    write(draft, "Saved.")
    ada.until(lambda: "Saved on this computer" in here(draft))
    write(draft, " Not in the file.")
    ada.application.session.note()
    draft.document.settle()
    draft.storage.run_quickly_now(lambda: None)
    os.kill(os.getpid(), signal.SIGKILL)


def archive_of(day: str) -> Path:
    """A type for argparse: where the archive of a day is to be."""
    try:
        archive = OLD_FILES / f"{date.fromisoformat(day)}.zip"
    except ValueError:
        raise argparse.ArgumentTypeError(f"{day} is no day such as 2026-12-24") from None
    if archive.exists():
        raise argparse.ArgumentTypeError(f"there is one of {day}, which is never changed")
    return archive


def main(arguments: Sequence[str] | None = None) -> None:
    """Makes the archive of a day."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archive", type=archive_of, metavar="DAY", help="the archive's name, such as 2026-12-24")
    made = parser.parse_args(arguments).archive
    root = PLACE / made.stem
    root.mkdir(parents=True)
    process = os.fork()
    if not process:
        app = make_qt_application()
        assert app
        play(root)
    os.waitpid(process, 0)
    with zipfile.ZipFile(made, "x", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(root.rglob("*")):
            name = path.relative_to(root)
            if path.is_file() and not NEEDLESS & {*name.parts} and not name.name.endswith(("-shm", ".lock")):
                archive.write(path, name)
    shutil.rmtree(root)  # or what is opened elsewhere were copies of what is here


if __name__ == "__main__":
    main()
