"""Sealed sessions: real applications with windows, a real server, real sockets."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton

from captured import files, holds
from cowrite.app.draft.draft import Draft
from cowrite.bridge.file.pictures import png_of
from cowrite.core.board.items import Note, Place
from cowrite.core.brainstorm.brainstorm import Brainstorm
from cowrite.core.sessions.polls import Ballot, Option, Poll, PollKind
from cowrite.core.sessions.sealing import Contributions
from cowrite.core.sessions.sessions import Phase, Session
from cowrite.gui.history.moment_words import names
from cowrite.gui.history.window import HistoryWindow
from cowrite.storage.document.document_file import DocumentFile
from cowrite.sync.link import Link
from cowrite_server.wire.protocol import Role
from helpers.called import the
from helpers.desk import SAVED, Desk, server, share
from helpers.desk import write as write_text
from helpers.sealer import WRITTEN
from helpers.team_server import TeamServer
from helpers.warm_python import APPLICATION, Forked

pytestmark = pytest.mark.journey


def brainstorm(draft: Draft) -> Brainstorm:
    return draft.brainstorming.brainstorm


def texts(draft: Draft) -> list[str]:
    return sorted(note.text for note in brainstorm(draft).visibility.published())


def begin(draft: Draft, **fields: object) -> str:
    return brainstorm(draft).sessions.begin(Session("", "What now?", phase=Phase.WRITE, **fields))


def write(draft: Draft, *words: str) -> None:
    brainstorm(draft).write(Note("", word, Place(0, 0)) for word in words)


def hosted(desk: Desk, draft: Draft) -> str:
    """Shares a draft from this computer; gives the link for the others."""
    links: list[Link] = []
    room = share(desk, draft)
    desk.application.hosting.invite(room, Role.EDITOR, lambda _invitation, own: links.append(own), links.append)
    desk.until(lambda: links)
    return str(links[0])


@pytest.fixture
def sealer(tmp_path: Path) -> Iterator[list[Forked]]:
    running: list[Forked] = []
    yield running
    for process in running:
        process.kill()
        process.wait()


def seal_elsewhere(home: Path, link: str, *words: str) -> Forked:
    """An application in a process of its own, which writes notes."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    environment["PYTHONPATH"] = os.pathsep.join([str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, "-m", "helpers.sealer", str(home), link, *words]
    return Forked(command, env=environment, loaded=APPLICATION)


def test_two_write_and_vote_sealed_and_one_reveals(sit, team_server: TeamServer) -> None:
    ada, ben = sit("Ada"), sit("Ben")
    hers = ada.joined(team_server.invite("plan"))
    his = ben.joined(team_server.invite("plan"))
    for is_anonymous in (False, True):
        id = begin(hers, is_anonymous=is_anonymous)
        ben.until(lambda id=id: brainstorm(his).session is not None and brainstorm(his).session.id == id)
        write(hers, f"one {is_anonymous}", f"two {is_anonymous}")
        write(his, f"three {is_anonymous}")
        for desk, draft in ((ada, hers), (ben, his)):
            desk.until(lambda draft=draft, id=id: brainstorm(draft).box.contributions(id) == Contributions(3, 2))
        assert [note.text for note in of(id, brainstorm(his).visibility.notes())] == [f"three {is_anonymous}"]
        assert of(id, brainstorm(hers).visibility.published()) == of(id, brainstorm(his).visibility.published()) == []
        brainstorm(his).box.reveal(id)
        for desk, draft in ((ada, hers), (ben, his)):
            desk.until(lambda draft=draft, id=id: len(of(id, brainstorm(draft).visibility.published())) == 3)
            desk.until(lambda draft=draft, id=id: not brainstorm(draft).box.notes(id))
            notes = of(id, brainstorm(draft).visibility.notes())
            assert sorted(note.text.split()[0] for note in notes) == ["one", "three", "two"]
            assert {note.author for note in notes} == ({""} if is_anonymous else {"Ada", "Ben"})
            assert brainstorm(draft).box.problem(id) == ""
        late = f"late {is_anonymous}"
        write(hers, late)
        ben.until(lambda late=late: late in texts(his))
        assert brainstorm(hers).box.contributions(id) == Contributions()

    id = brainstorm(hers).polls.open(Poll("", PollKind.DOTS, "Which?", (Option("note:1", "one"),)))
    ben.until(lambda: brainstorm(his).polls.get(id) is not None)
    brainstorm(hers).box.put_ballot(id, Ballot(dots={"note:1": 1}))
    brainstorm(his).box.put_ballot(id, Ballot(dots={"note:1": 2}))
    ada.until(lambda: brainstorm(hers).box.voters(id) == 2)
    brainstorm(hers).box.close(id)
    ben.until(lambda: brainstorm(his).polls.get(id).is_closed)
    ballots = brainstorm(his).polls.get(id).ballots
    assert {(ballot.voter, ballot.dots["note:1"]) for ballot in ballots} == {("Ada", 1), ("Ben", 2)}


def of(session: str, notes: Iterable[Note]) -> list[Note]:
    return [note for note in notes if note.session == session]


def test_what_is_sealed_is_on_no_disk_but_its_author_s_and_the_server_s(sit, team_server: TeamServer) -> None:
    ada, ben = sit("Ada"), sit("Ben")
    hers = ada.joined(team_server.invite("plan"))
    his = ben.joined(team_server.invite("plan"))
    id = begin(hers, is_anonymous=True)
    ben.until(lambda: brainstorm(his).session is not None)
    words = ["quixotically", "Zwölfboxkämpfer"]
    write(hers, *words)
    ben.until(lambda: brainstorm(his).box.contributions(id) == Contributions(2, 1))
    for desk in (ada, ben):
        assert all(draft.write() for draft in desk.application.documents.drafts)
        desk.application.storage.run_now(lambda: None)
    homes = {desk: desk.paths.data.parent for desk in (ada, ben)}
    assert holds(files(homes[ada]), words) == set(words)
    assert holds(files(homes[ben]), words) == set()
    paths = [path for path in homes[ada].rglob("*") if path.is_file() and holds(path.read_bytes(), words)]
    kept = {path.relative_to(homes[ada]).parts[:2] for path in paths}
    assert kept == {("data", "sealed")}
    brainstorm(hers).box.reveal(id)
    ben.until(lambda: texts(his) == sorted(words))


@pytest.mark.slow
@pytest.mark.parametrize("is_server_killed", [False, True])
def test_an_author_who_is_killed_has_lost_nothing(sit, team_server, sealer, tmp_path, is_server_killed) -> None:
    """The application of the author is killed when it has the notes, whether or not the server has them."""
    words = [f"idea{number}" for number in range(12)]
    ben = sit("Ben")
    his = ben.joined(team_server.invite("plan"))
    id = begin(his, is_anonymous=True)
    ben.until(lambda: server(his) == SAVED)
    link, home = team_server.invite("plan"), tmp_path / "Ada"
    process = seal_elsewhere(home, link, *words)
    sealer.append(process)
    ben.until((home / WRITTEN).exists)
    process.kill()
    process.wait()
    if is_server_killed:
        team_server.process.kill()
        team_server.start()
        ben.until(lambda: server(his) == SAVED)
    write(his, "mine")
    ada = sit("Ada")
    (path,) = ada.paths.library.glob("*.cowrite")
    hers = ada.open(path)
    ben.until(lambda: brainstorm(his).box.contributions(id) == Contributions(13, 2))
    assert sorted(note.text for note in brainstorm(hers).box.notes(id)) == sorted(words)
    brainstorm(his).box.reveal(id)
    for desk, draft in ((ada, hers), (ben, his)):
        desk.until(lambda draft=draft: texts(draft) == sorted([*words, "mine"]))
        desk.until(lambda draft=draft: not brainstorm(draft).box.notes(id))


def test_what_is_sealed_alone_goes_to_the_team_when_the_document_is_shared(sit, team_server: TeamServer) -> None:
    ada, ben = sit("Ada"), sit("Ben")
    hers = ada.new()
    id = begin(hers)
    write(hers, "alone")
    assert brainstorm(hers).box.problem(id) == ""
    hers.connection.share(Link.parse(team_server.invite("plan")), again=False)
    ada.until(lambda: server(hers) == SAVED)
    his = ben.joined(team_server.invite("plan"))
    ben.until(lambda: brainstorm(his).box.contributions(id) == Contributions(1, 1))
    hers.connection.go_offline()
    assert server(hers) == "Working offline"
    write(hers, "offline")
    assert server(hers) == "Working offline, 1 change waiting"
    assert "on this computer alone" in brainstorm(hers).box.problem(id)
    brainstorm(hers).box.reveal(id)
    assert texts(hers) == []
    hers.connection.share(Link.parse(team_server.invite("plan")), again=True)
    ben.until(lambda: texts(his) == ["alone", "offline"])


def test_the_picture_of_a_sealed_note_is_revealed_though_its_author_has_left(sit, team_server: TeamServer) -> None:
    ada, ben = sit("Ada"), sit("Ben")
    hers = ada.new()
    id, path = begin(hers), hers.path
    picture = hers.images.put(png(1), "image/png")
    brainstorm(hers).write([Note("", "", Place(0, 0), image=picture)])
    ada.leave()
    ada = sit("Ada")
    hers = ada.open(path)
    hers.connection.share(Link.parse(team_server.invite("plan")), again=False)
    ada.until(lambda: server(hers) == SAVED)
    his = ben.joined(team_server.invite("plan"))
    ben.until(lambda: brainstorm(his).box.contributions(id) == Contributions(1, 1))
    ada.leave()
    brainstorm(his).box.reveal(id)
    ben.until(lambda: his.images.image(picture) is not None)


@pytest.mark.parametrize("role", ["suggester", "commenter"])
@pytest.mark.parametrize("was_editor", [True, False])
def test_the_picture_of_a_sealed_note_is_revealed_to_all_though_its_author_may_not_edit(
    sit, team_server: TeamServer, role: str, was_editor: bool
) -> None:
    ada, ben, cy = sit("Ada"), sit("Ben"), sit("Cy")
    link = team_server.invite("plan", "editor" if was_editor else role)
    hers, his = ada.joined(team_server.invite("plan")), ben.joined(link)
    other = cy.joined(team_server.invite("plan", "viewer"))
    id = begin(hers)
    ben.until(lambda: brainstorm(his).session is not None)
    if was_editor:
        his.connection.go_offline()
    picture = his.images.put(png(1), "image/png")
    brainstorm(his).write([Note("", "", Place(0, 0), image=picture)])
    if was_editor:
        team_server.make(role, "plan", "2")
        his.connection.share(Link.parse(link), again=True)
    ada.until(lambda: brainstorm(hers).box.contributions(id) == Contributions(1, 1))
    ben.until(lambda: server(his) == SAVED)
    brainstorm(hers).box.reveal(id)
    for desk, draft in ((ada, hers), (cy, other)):
        desk.until(lambda draft=draft: draft.images.image(picture) is not None)


def test_a_document_that_is_hosted_from_here_has_its_box_here_too(sit) -> None:
    ada, ben = sit("Ada"), sit("Ben")
    hers = ada.new()
    links: list[Link] = []

    hosting = ada.application.hosting
    hosting.invite("hosted", Role.EDITOR, lambda _invitation, own: links.append(own), links.append)
    ada.until(lambda: links)
    hers.connection.share(links[0], again=False)
    ada.until(lambda: server(hers) == SAVED)
    his = ben.joined(str(links[0]))
    id = begin(hers)
    ben.until(lambda: brainstorm(his).session is not None)
    write(hers, "one")
    write(his, "two")
    ada.until(lambda: brainstorm(hers).box.contributions(id) == Contributions(2, 2))
    brainstorm(hers).box.reveal(id)
    ben.until(lambda: texts(his) == ["one", "two"])


def test_when_the_computer_that_shares_a_session_is_gone_the_others_go_on_at_one_of_theirs(sit) -> None:
    ada, ben, cy = sit("Ada"), sit("Ben"), sit("Cy")
    document = ada.new()
    link = hosted(ada, document)
    his, hers = ben.joined(link), cy.joined(link)
    id = begin(document, facilitator="Ada")
    for desk, draft, words in ((ben, his, "Ben’s"), (cy, hers, "Cy’s")):
        desk.until(lambda draft=draft: brainstorm(draft).session is not None)
        write(draft, words)
        desk.until(lambda draft=draft: not brainstorm(draft).box.problem(id) and server(draft) == SAVED)
    ada.leave()
    ben.until(lambda: his.connection.is_apart and hers.connection.is_apart)

    link = hosted(ben, his)
    dialog = cy.application.sharing.share(hers).dialog
    the(dialog, QLineEdit, "Link of your team server").setText(link)
    the(dialog, QPushButton, "Put on the server").click()
    ben.until(lambda: brainstorm(his).box.contributions(id) == Contributions(2, 2))
    brainstorm(his).box.reveal(id)
    cy.until(lambda: texts(hers) == texts(his) == ["Ben’s", "Cy’s"])


def test_what_is_sealed_is_there_when_the_document_is_opened_again(sit) -> None:
    ada = sit("Ada")
    draft = ada.new()
    id, path = begin(draft), draft.path
    write(draft, "one")
    ada.leave()  # everything at once, as when the computer is shut down
    (kept,) = ada.paths.sealed.iterdir()
    assert "one" in kept.read_text()
    again = sit("Ada")
    draft = again.open(path)
    assert [note.text for note in brainstorm(draft).box.notes(id)] == ["one"]
    brainstorm(draft).box.reveal(id)
    assert draft.window.close()
    assert list(again.paths.sealed.iterdir()) == []
    assert texts(again.open(path)) == ["one"]


def test_a_session_that_was_ended_offline_reveals_what_the_others_wrote_though_nobody_asks(sit, team_server) -> None:
    ada, ben = sit("Ada"), sit("Ben")
    hers, his = ada.joined(team_server.invite("plan")), ben.joined(team_server.invite("plan"))
    id = begin(hers)
    ben.until(lambda: brainstorm(his).session is not None)
    write(his, "one")
    poll = brainstorm(hers).polls.open(Poll("", PollKind.DOTS, "Which?", (Option("note:1", "one"),), session=id))
    ben.until(lambda: brainstorm(his).polls.get(poll) is not None)
    brainstorm(his).box.put_ballot(poll, Ballot(dots={"note:1": 1}))
    ada.until(
        lambda: brainstorm(hers).box.voters(poll) == 1 and brainstorm(hers).box.contributions(id) == Contributions(1, 1)
    )
    hers.connection.go_offline()
    hers.brainstorming.sessions.leading.end(id)
    path = hers.path
    ada.leave()

    again = sit("Ada")
    hers = again.open(path)
    again.until(lambda: server(hers) == SAVED)
    for desk, draft in ((again, hers), (ben, his)):
        desk.until(lambda draft=draft: texts(draft) == ["one"] and brainstorm(draft).polls.get(poll).is_closed)
    assert [ballot.voter for ballot in brainstorm(hers).polls.get(poll).ballots] == ["Ben"]


def test_what_was_written_offline_is_sealed_at_the_server_once_one_is_an_editor_again(sit, team_server) -> None:
    ada, ben = sit("Ada"), sit("Ben")
    link = team_server.invite("plan")
    hers, his = ada.joined(team_server.invite("plan")), ben.joined(link)
    id = begin(hers)
    ben.until(lambda: brainstorm(his).session is not None)
    his.connection.go_offline()
    write(his, "one")
    team_server.make("viewer", "plan", "2")
    his.connection.share(Link.parse(link), again=True)
    ben.until(lambda: brainstorm(his).box.problem(id) == "You may read this document but not contribute to it.")
    assert server(his) == "Saving on the server, 1 change waiting"
    assert brainstorm(hers).box.contributions(id) == Contributions()
    team_server.make("editor", "plan", "2")
    ada.until(lambda: brainstorm(hers).box.contributions(id) == Contributions(1, 1))
    ben.until(lambda: brainstorm(his).box.problem(id) == "" and server(his) == SAVED)


def test_a_copy_has_the_pictures_of_its_document_and_none_that_lies_sealed(sit, tmp_path: Path) -> None:
    ada = sit("Ada")
    draft = ada.new()
    in_text, on_board = (draft.images.put(png(number), "image/png") for number in (1, 2))
    draft.editor.edits.insert_embed({"image": in_text})
    brainstorm(draft).write([Note("", "", Place(0, 0), image=on_board)])
    begin(draft)
    sealed = draft.images.put(png(3), "image/png")
    brainstorm(draft).write([Note("", "", Place(0, 0), image=sealed)])
    for is_written in (False, True):  # the pictures wait in memory, or are in the file
        if is_written:
            assert draft.write()
        copied: list[bool] = []
        path = tmp_path / f"copy {is_written}.cowrite"
        draft.save_copy(path, lambda copied=copied: copied.append(True))
        ada.until(lambda copied=copied: copied)
        with DocumentFile.open(path) as copy:
            assert copy.blob(in_text) is not None
            assert copy.blob(on_board) is not None
            assert copy.blob(sealed) is None
        assert png(3) not in path.read_bytes()


def png(number: int) -> bytes:
    """A picture like no other."""
    image = QImage(16, 16, QImage.Format.Format_RGB32)
    image.fill(QColor(40 * number, 10, 90))
    return png_of(image)


@pytest.mark.parametrize("is_anonymous", [False, True])
def test_the_history_says_of_a_reveal_that_it_was_opened_together_and_names_nobody(
    sit, team_server: TeamServer, is_anonymous: bool
) -> None:
    ada, bo = sit("Ada"), sit("Bo")
    link = team_server.invite("plan")
    draft, mate = ada.joined(link), bo.joined(link)
    session = begin(draft, is_anonymous=is_anonymous)
    ada.until(lambda: brainstorm(mate).session is not None)
    write(draft, "from Ada")
    write(mate, "from Bo")
    ada.until(lambda: brainstorm(draft).box.contributions(session) == Contributions(2, 2))
    brainstorm(draft).box.reveal(session)
    ada.until(lambda: texts(draft) == ["from Ada", "from Bo"])
    write_text(draft, "What we do")  # without which there is no page to open
    ada.until(lambda: server(draft) == SAVED)
    draft.window.actions_["history"].trigger()
    (history,) = [each for each in QApplication.topLevelWidgets() if isinstance(each, HistoryWindow)]
    ada.until(lambda: any("Opened together" in names(row.authors) for row in history._rows))
    said = [names(row.authors) for row in history._rows]
    assert not any("Somebody" in each or "Bo" in each for each in said)
