"""What a document claims of who has said, suggested or accepted something, and what its server knows: real
applications, a real server, and a teammate whose program writes whatever it likes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pycrdt import Doc, Map, Text
from websockets.sync.client import connect

from cowrite.app.draft.draft import Draft
from cowrite.bridge.shared import bringers
from cowrite.core.document.assists import AssistRecord
from cowrite.core.text.origin import Origin
from cowrite.sync.link import Link
from cowrite_server.wire.protocol import Message, Sync, sync_message
from helpers.desk import SAVED, Desk, notices, server, write
from helpers.team_server import TeamServer

pytestmark = pytest.mark.journey

RECORD = AssistRecord("a" * 32, "continue", model="SmolLM2", time=1_770_000_000_000, by="Ada")


@pytest.fixture(autouse=True)
def asks_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has asked the server asks again soon."""
    monkeypatch.setattr(bringers, "AGAIN", 50)


@pytest.fixture
def bo(sit: Callable[..., Desk]) -> Desk:
    """The desk of a teammate."""
    return sit("Bo")


@pytest.fixture
def mate(bo: Desk, draft: Draft, team_server: TeamServer) -> Draft:
    """An editor's copy of the draft."""
    mate = bo.join(team_server.invite("plan"))
    bo.until(lambda: mate.document.text() == draft.document.text() and server(mate) == SAVED)
    return mate


def forge(draft: Draft, write: Callable[[Doc], object], *, as_client: int | None = None) -> None:
    """A program of a person's own writes into their copy of the document what it likes.

    Args:
        draft: the copy.
        write: writes.
        as_client: under whose client id; None for one of its own.
    """
    doc: Doc[Text] = Doc() if as_client is None else Doc(client_id=as_client)
    doc.apply_update(draft.document.state())
    before = doc.get_state()
    write(doc)
    draft.document.apply_update(doc.get_update(before), Origin.IMPORT)


def send(team_server: TeamServer, update: bytes) -> None:
    """A stock client sends the server an update, by an invite of its own."""
    link = Link.parse(team_server.invite("plan"))
    headers = {"Authorization": f"Bearer {link.secret}"}
    with connect(link.websocket_url, additional_headers=headers, compression=None) as socket:
        socket.send(sync_message(Sync.UPDATE, update))
        socket.send(sync_message(Sync.STEP_1, b"\0"))
        while socket.recv()[:2] != bytes((Message.SYNC, Sync.STEP_2)):
            pass


def comment(doc: Doc, author: str, text: str = "I agree.", id: str = "thread:1") -> None:
    doc.get("comments", type=Map)[id] = Map({"author": author, "text": text, "created": 1_770_000_000_000})


def accept(draft: Draft, record: AssistRecord, text: str, at: int = 0) -> None:
    """Somebody takes text from the model, as the app has it."""
    with draft.document.edit(Origin.ASSIST, record=record) as edit:
        edit.insert(at, text, {"ai": record.id})


def comments(draft: Draft) -> dict[str, str]:
    """Whose comments are, as the panel says."""
    draft.window.actions_["show_comments"].setChecked(True)
    return {row.thread_.id: row.remarks[0].name.text() for row in draft.window.panels.comments.rows}


def names(draft: Draft) -> list[str]:
    return sorted(comments(draft).values())


def told(draft: Draft, at: int = 1) -> str:
    """What is said of a model's text, from who accepted it on."""
    words = draft.window.assist_marks.words_at(at)
    return words[words.index("accepted by") :]


def accepted(words: str) -> str:
    """The same without the day and time."""
    head, _, rest = words.partition(" on ")
    return head + "".join(f", {part}" for part in rest.split(", ")[2:])


def test_a_comment_and_words_put_into_one_stand_on_the_word_of_who_wrote_them_under_whatever_client_id(bo, draft, mate):
    forge(mate, lambda doc: comment(doc, "Cleo", id="thread:0"))
    bo.until(lambda: "Cleo, according to Bo, has commented on this text." in notices(draft))
    forge(mate, lambda doc: comment(doc, "Cleo", "Look, @Ada.", id="thread:0a"))
    bo.until(lambda: "Cleo, according to Bo, mentions you: “Look, @Ada.”" in notices(draft))

    forge(mate, lambda doc: comment(doc, "Ada"))
    bo.until(lambda: comments(draft).get("thread:1") == comments(mate).get("thread:1") == "Ada, according to Bo")
    row = draft.window.panels.comments.row("thread:1")
    assert row.accessibleName().startswith("Comment by Ada, according to Bo on")
    forge(mate, lambda doc: comment(doc, "Bo", id="thread:2"))
    forge(draft, lambda doc: comment(doc, "Ada", id="thread:3"))
    bo.until(lambda: comments(mate).get("thread:3") == "Ada")
    forge(mate, lambda doc: doc.get("comments", type=Map)["thread:3"].update({"text": "I do not agree."}))
    forge(mate, lambda doc: comment(doc, "Ada", id="thread:4"), as_client=draft.document.client_id)
    said = {
        "thread:0": "Cleo, according to Bo",
        "thread:0a": "Cleo, according to Bo",
        "thread:1": "Ada, according to Bo",
        "thread:2": "Bo",
        "thread:3": "Ada, according to Bo",
        "thread:4": "Ada, according to Bo",
    }
    bo.until(lambda: comments(draft) == comments(mate) == said)


def test_a_program_without_a_name_is_called_by_its_number_and_what_the_server_cannot_tell_of_is_what_the_document_says(
    bo, draft, team_server
):
    doc: Doc[Text] = Doc()
    comment(doc, "Ada")
    send(team_server, doc.get_update())
    bo.until(lambda: comments(draft) == {"thread:1": "Ada, according to Member 2"})
    doc = Doc()
    doc.get("body", type=Text).insert(0, "never sent")
    before = doc.get_state()
    comment(doc, "Ada", id="thread:2")
    send(team_server, doc.get_update(before))
    bo.until(lambda: comments(draft).get("thread:2") == "Ada, according to this document")
    assert comments(draft)["thread:1"] == "Ada, according to Member 2"


def test_a_record_that_somebody_else_writes_or_changes_stands_on_their_word_and_so_does_text_below_it(bo, draft, mate):
    text = "Ada's model wrote this. "
    accept(draft, RECORD, text)
    bo.until(lambda: accepted(told(draft)) == "accepted by Ada")
    bo.until(lambda: text in mate.document.text() and server(draft) == SAVED)
    bo.until(lambda: accepted(told(mate)) == "accepted by Ada")

    forge(mate, lambda doc: doc.get("body", type=Text).insert(len(text), "Not this. ", {"ai": RECORD.id}))
    bo.until(lambda: "Not this" in draft.document.text())
    bo.until(lambda: accepted(told(draft, len(text) + 2)) == "accepted by Ada, and put here by Bo")
    assert accepted(told(draft, len(text) - 2)) == "accepted by Ada"

    forge(mate, lambda doc: doc.get("assists", type=Map)[RECORD.id].update({"model": "Another"}))
    bo.until(lambda: "Another" in draft.window.assist_marks.words_at(1))
    bo.until(lambda: accepted(told(draft)) == "accepted by Ada, according to Bo")

    accept(mate, RECORD._replace(id="b" * 32), "Bo's model wrote this. ")
    bo.until(lambda: "Bo's model" in draft.document.text())
    bo.until(lambda: accepted(told(draft)) == accepted(told(mate)) == "accepted by Ada, according to Bo")
    assert draft.window.assist_marks.words_at(1).startswith("Written by SmolLM2, accepted by Ada on ")


def test_what_an_editor_accepts_of_a_suggesters_assistant_stays_the_suggesters(bo, draft, team_server):
    mate = bo.join(team_server.invite("plan", "suggester"))
    bo.until(lambda: mate.document.text() == draft.document.text() and mate.document.suggester is not None)
    accept(mate, RECORD._replace(by="Bo"), "Bo's model wrote this. ")
    bo.until(lambda: "model" in draft.document.text())
    draft.window.actions_["accept_changes"].trigger()
    bo.until(lambda: RECORD.id in draft.document.assists and server(draft) == SAVED)
    bo.until(lambda: accepted(told(draft)) == "accepted by Bo")


def test_a_suggested_change_and_a_note_in_anothers_name_stand_on_the_word_of_who_wrote_them(bo, draft, mate):
    def suggest(doc: Doc) -> None:
        doc.get("suggestions", type=Map)["change:1"] = Map({"author": "Ada", "created": 1_770_000_000_000})
        doc.get("body", type=Text).insert(0, "Really. ", {"insertion": "change:1"})

    forge(mate, suggest)
    bo.until(lambda: "Really" in draft.document.text())
    draft.window.actions_["show_changes"].setChecked(True)
    bo.until(lambda: [row.name.text() for row in draft.window.panels.changes.rows] == ["Ada, according to Bo"])

    note = {"text": Text("Basil"), "author": "Ada", "hand": "person", "x": 0, "y": 0, "width": 180, "height": 120}
    forge(mate, lambda doc: doc.get("board", type=Map).update({"note:1": Map(note)}))
    draft.window.views.show_view("ideas")
    bo.until(draft.brainstorming.brainstorm.board.notes)
    view = draft.window.views.currentWidget()
    view.list.side.show_details(True)
    view.list.details.show_note("note:1")
    bo.until(lambda: "Written by\nAda, according to Bo" in view.list.details.page.toPlainText())


def test_what_a_document_brings_along_when_it_is_shared_stands_on_the_word_of_who_shares_it_but_their_own(
    sit, bo, team_server
):
    ada = sit("Zoe\u0308  Ash", at="Zoe")  # a server has spaces and letters of a name in one form
    draft = ada.new()
    write(draft, "We plant herbs.")
    forge(draft, lambda doc: comment(doc, draft.me.name))
    forge(draft, lambda doc: comment(doc, "Cleo", id="thread:2"))
    draft.connection.share(Link.parse(team_server.invite("plan")), again=False)
    ada.until(lambda: server(draft) == SAVED)
    mate = bo.join(team_server.invite("plan"))
    bo.until(lambda: names(mate) == ["Cleo, according to Zo\u00eb Ash", "Zoe\u0308 Ash"])


def test_where_there_is_no_server_a_record_is_what_the_document_says_but_ones_own(
    sit: Callable[..., Desk], tmp_path: Path
) -> None:
    ada = sit("Ada")
    draft = ada.new()
    accept(draft, RECORD, "Ada's model wrote this. ")
    ada.until(lambda: accepted(told(draft)) == "accepted by Ada")
    path = draft.path
    draft.window.close()
    again = sit("Ada", at="Other").open(path)
    ada.until(lambda: accepted(told(again)) == "accepted by Ada, according to this document")


def test_what_is_said_anew_is_looked_at_anew_however_much_is_written_between(bo, draft, mate, monkeypatch):
    monkeypatch.setattr(bringers, "MANY", 3)
    forge(draft, lambda doc: comment(doc, "Ada"))
    bo.until(lambda: names(mate) == ["Ada"])
    accept(mate, RECORD._replace(by="Bo"), "Bo's model wrote this. ")
    bo.until(lambda: accepted(told(mate)) == "accepted by Bo")
    for _ in range(3):
        write(draft, "And more.")
    forge(draft, lambda doc: doc.get("assists", type=Map)[RECORD.id].update({"by": "Bo"}))
    forge(draft, lambda doc: doc.get("comments", type=Map)["thread:1"].update({"author": "Bo"}))
    bo.until(lambda: names(mate) == ["Bo, according to Ada"])
    bo.until(lambda: accepted(told(mate)) == "accepted by Bo, according to Ada")


def test_a_document_that_is_read_beside_the_window_is_told_of_too(bo, draft, mate, monkeypatch):
    monkeypatch.setattr(bringers, "LARGE", 0)
    forge(mate, lambda doc: comment(doc, "Ada"))
    bo.until(lambda: names(draft) == names(mate) == ["Ada, according to Bo"])
    forge(mate, lambda doc: comment(doc, "Bo", id="thread:2"))
    bo.until(lambda: names(draft) == ["Ada, according to Bo", "Bo"])
