"""Decisions in other formats, and the draft with its decisions in words."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import docx
import pytest
from PySide6 import QtWidgets
from pytestqt.qtbot import QtBot

from cowrite.app.decisions import export as decision_export
from cowrite.app.decisions.export import export_records, write_madr
from cowrite.app.files.export_file import CannotExport
from cowrite.convert.markdown.reader import from_markdown
from cowrite.core.board.items import Note, Place
from cowrite.core.decisions.actions import Action
from cowrite.core.decisions.decisions import Status
from cowrite.core.decisions.parts import Argument, Choice, Stance
from cowrite.core.decisions.records import records
from cowrite.core.decisions.reviews import Finding, Review
from cowrite.core.sessions.polls import Ballot, Option, Poll, PollKind
from cowrite.core.sessions.sessions import Phase, Session
from cowrite.core.text.richtext import plain_text
from helpers.closed_polls import close_poll
from helpers.decision_desk import DecisionDesk
from helpers.desk import notices


@pytest.fixture
def desk(tmp_path: Path, qtbot: QtBot) -> Iterator[DecisionDesk]:
    desk = DecisionDesk(tmp_path / "home", qtbot, "We plant herbs.")
    yield desk
    desk.leave()


@pytest.fixture
def decision(desk: DecisionDesk) -> str:
    id = desk.add("What do we plant?", status=Status.ACCEPTED, outcome="Herbs.", owner="Cy", decided_on="2026-11-25")
    desk.decisions.actions.add(Action("", "dig", "=it is Monday", "Ada", "2026-12-01", decision=id))
    return id


def found(desk: DecisionDesk) -> list:
    return records(desk.decisions, desk.brainstorm.visibility)


def export(desk: DecisionDesk, kind: str, path: Path) -> Path:
    return export_records(found(desk), desk.brainstorm, kind, path, "Decisions: Garden")


def test_the_log_is_written_as_markdown(desk, decision, tmp_path):
    text = export(desk, "log", tmp_path / "log.md").read_text(encoding="utf-8")

    assert text.startswith("# Decisions: Garden\n\n## What do we plant?\n\n* **Status:** Accepted\n")
    assert "* =it is Monday: dig (Ada, due 2026-12-01)" in text


def test_each_decision_is_written_as_a_file_of_its_own(desk, decision, tmp_path):
    desk.decisions.put(decision, status=Status.SUPERSEDED)
    new = desk.add("What next?", supersedes=decision)
    folder = write_madr(found(desk), tmp_path)
    again = write_madr(found(desk), tmp_path)

    assert (folder.name, again.name) == ("decisions", "decisions 2")
    assert sorted(file.name for file in folder.iterdir()) == ["0001-what-do-we-plant.md", "0002-what-next.md"]
    assert "(0001-what-do-we-plant.md)" in (folder / "0002-what-next.md").read_text(encoding="utf-8")
    assert desk.decisions.get(decision).superseded_by == new


def test_a_folder_that_cannot_be_written_whole_is_not_there_at_all(desk, decision, tmp_path, monkeypatch):
    desk.add("What next?")
    written = []

    def fill_the_disk(path: Path, data: bytes) -> None:
        if written:
            raise OSError(28, "No space left on device")
        written.append(path)
        path.write_bytes(data)

    monkeypatch.setattr(decision_export, "write_in_place", fill_the_disk)
    target = tmp_path / "target"
    target.mkdir()
    with pytest.raises(CannotExport, match="No space left"):
        write_madr(found(desk), target)

    assert list(target.iterdir()) == []


def test_what_cannot_be_written_says_so_and_leaves_what_was_there(desk, decision, tmp_path):
    place = tmp_path / "taken"
    place.mkdir()
    (place / "inside").write_text("x")
    for kind in ("madr", "log", "docx", "pdf", "csv", "actions"):
        with pytest.raises(CannotExport):
            export(desk, kind, place)

    assert (place / "inside").read_text() == "x"
    assert [file.name for file in tmp_path.iterdir() if file.name.startswith(".cowrite-")] == []


def test_decisions_are_written_for_word_and_as_pdf(desk, decision, tmp_path):
    word = docx.Document(str(export(desk, "docx", tmp_path / "log.docx")))
    pdf = export(desk, "pdf", tmp_path / "log.pdf").read_bytes()

    texts = [(each.text, each.style.name) for each in word.paragraphs]
    assert ("What do we plant?", "Heading 2") in texts
    assert ("Herbs.", "Normal") in texts
    assert pdf.startswith(b"%PDF")


def test_decisions_and_actions_are_tables_in_which_nothing_is_a_formula(desk, decision, tmp_path):
    with export(desk, "csv", tmp_path / "d.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    with export(desk, "actions", tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        (action,) = csv.DictReader(file)

    assert (row["question"], row["status"], row["outcome"], row["owner"]) == (
        "What do we plant?", "Accepted", "Herbs.", "Cy",
    )  # fmt: skip
    assert (action["what"], action["when"], action["decision"]) == ("dig", "'=it is Monday", "What do we plant?")


def test_the_table_says_what_was_chosen_and_why_from_which_ideas_and_how_it_held(desk, tmp_path):
    (note,) = desk.brainstorm.write([Note("", "herbs need little water", Place(0, 0))])
    herbs = Choice("Herbs", (Argument("they smell", note),), (Argument("they wilt"),), is_chosen=True)
    review = Review("2026-12-01", Finding.HELD, "all well")
    desk.add("What?", context="The bed is bare.", options=(herbs, Choice("Roses")), reviews=(review,))
    with export(desk, "csv", tmp_path / "d.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)

    assert (row["context"], row["chosen"]) == ("The bed is bare.", "Herbs")
    assert row["for and against"] == "Herbs: + they smell\nHerbs: - they wilt"
    assert (row["ideas"], row["reviews"]) == ("herbs need little water", "2026-12-01: it held. all well")


@pytest.mark.parametrize("kind", ["madr", "log", "docx", "csv"])
def test_neither_sealed_notes_nor_nameless_voters_go_out(desk, tmp_path, kind):
    poll = desk.brainstorm.polls.open(Poll("", PollKind.CONSENT, "?", (Option("o:1", "x"),), is_anonymous=True))
    close_poll(desk.brainstorm.polls, poll, [Ballot(position="consent", voter="Nameless Norbert")])
    desk.brainstorm.sessions.begin(Session("", "?", phase=Phase.WRITE, is_anonymous=True))
    (sealed,) = desk.brainstorm.write([Note("", "a sealed secret", Place(0, 0))])
    stances = (Stance("Nameless Norbert", "consent"),)
    desk.add("What?", poll=poll, stances=stances, notes=(sealed,), outcome="x")

    data = export(desk, kind, tmp_path / f"out.{kind}").read_bytes()
    if kind == "docx":
        data = "\n".join(each.text for each in docx.Document(BytesIO(data)).paragraphs).encode()
    assert b"consent" in data
    assert b"Norbert" not in data
    assert b"secret" not in data


def test_exporting_from_the_view_asks_where_and_says_where_it_went(desk, decision, tmp_path, monkeypatch):
    asked = []

    def answer(_parent: object, title: str, offered: str, _kinds: str) -> tuple[str, str]:
        asked.append(Path(offered).name)
        return str(tmp_path / "out.md"), ""

    monkeypatch.setattr(QtWidgets.QFileDialog, "getSaveFileName", answer)
    desk.draft.document.meta.set_title("Gar/den: a <plan>")
    desk.go_to(decision)
    desk.view.export_one.trigger()

    assert asked == ["Gar den a plan decision.md"]
    assert (tmp_path / "out.md").read_text(encoding="utf-8").startswith('---\nstatus: "accepted"\n')
    assert "Written to" in notices(desk.draft)


def test_all_decisions_go_into_a_folder_that_the_person_names(desk, decision, tmp_path, monkeypatch):
    monkeypatch.setattr(QtWidgets.QFileDialog, "getExistingDirectory", lambda *_args: str(tmp_path))
    desk.go_to(decision)
    desk.view.export_wanted.emit("madr", False)

    assert (tmp_path / "decisions" / "0001-what-do-we-plant.md").is_file()


def test_every_export_of_the_draft_has_its_decisions_in_words(desk, decision, tmp_path):
    desk.draft.editor.set_caret(15)
    desk.draft.decisions.insert(decision)

    def exported(kind: str) -> bytes:
        path = tmp_path / f"draft.{kind}"
        assert desk.draft.exporting.write(kind, path)
        return path.read_bytes()

    in_word = "\n".join(each.text for each in docx.Document(BytesIO(exported("docx"))).paragraphs)
    markdown, others = exported("markdown"), [exported("html"), exported("text"), in_word.encode()]
    for data in (markdown, *others, ZipFile(BytesIO(exported("odt"))).read("content.xml")):
        for words in ("Decision: What do we plant?", "Herbs.", "Accepted", "Owner: Cy"):
            assert words.encode() in data
    assert "Decision: What do we plant?\nHerbs.\n" in plain_text(from_markdown(markdown.decode()))
    with_decision = exported("pdf")  # its letters are glyphs; with the decision they hold more than without
    desk.draft.editor.undo_own()
    assert len(with_decision) > len(exported("pdf"))


def test_a_decision_that_is_gone_is_written_as_such(desk, decision, tmp_path):
    desk.draft.decisions.insert(decision)
    desk.decisions.remove(decision)
    desk.draft.exporting.write("markdown", tmp_path / "draft.md")

    assert "> _A decision that is no longer here_\n" in (tmp_path / "draft.md").read_text(encoding="utf-8")


def test_copying_gives_other_programs_the_words_and_cowrite_the_decision(desk, decision):
    desk.draft.editor.set_caret(15)
    desk.draft.decisions.insert(decision)
    desk.draft.editor.selectAll()
    data = desk.draft.editor.createMimeDataFromSelection()

    assert "Decision: What do we plant?" in data.text()
    assert "<blockquote>" in data.html()
    desk.draft.editor.set_caret(desk.draft.document.length - 1)
    desk.draft.editor.insertFromMimeData(data)
    embeds = [span.embed for span in desk.draft.document.spans() if span.embed]
    assert embeds == [{"decision": decision}, {"decision": decision}]


def test_the_draft_is_exported_for_word_from_the_menu(desk, decision, tmp_path, monkeypatch):
    monkeypatch.setattr(QtWidgets.QFileDialog, "getSaveFileName", lambda *_args: (str(tmp_path / "draft.docx"), ""))
    desk.draft.editor.set_caret(15)
    desk.draft.decisions.insert(decision)
    desk.draft.window.actions_["export_docx"].trigger()
    desk.desk.until(lambda: "Written to" in notices(desk.draft))

    texts = [each.text for each in docx.Document(str(tmp_path / "draft.docx")).paragraphs]
    assert texts[:3] == ["We plant herbs.", "Decision: What do we plant?", "Herbs."]


def test_the_menu_file_exports_decisions_whatever_view_is_shown(desk, tmp_path, monkeypatch):
    actions = desk.draft.window.actions_
    actions["export_decisions_log"].trigger()
    assert "There is no decision in this document yet." in notices(desk.draft)

    desk.add("What?", outcome="Herbs.")
    monkeypatch.setattr(QtWidgets.QFileDialog, "getSaveFileName", lambda *_args: (str(tmp_path / "log.md"), ""))
    actions["export_decisions_log"].trigger()
    assert "## What?" in (tmp_path / "log.md").read_text(encoding="utf-8")
