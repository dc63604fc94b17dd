"""Cowrite, Yjs and y-py in one room: real keys here, stock editors of other makes there, a real server between."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QGuiApplication, QImage, QInputMethodEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from helpers.desk import Desk, server, write
from helpers.interop_peers import Delta, OpenServer, YjsPeer, YpyPeer, quill, quill_of, text_of

ADA = "Ada"


class Room:
    """A shared document: cowrite's window on it, and editors of other makes."""

    def __init__(self, desk: Desk, url: str, name: str) -> None:
        self.url, self.name = url, name
        self._desk = desk
        self._others: list[YjsPeer | YpyPeer] = []
        self.yjs = YjsPeer(url, name)
        self._others.append(self.yjs)
        try:
            self.draft = desk.join(f"{url}/{name}")
            self.editor = self.draft.editor
            self.editor.setFocus()
            self.until(lambda: server(self.draft) == "Saved on the server")
        except BaseException:
            self.close()
            raise

    def invite_ypy(self) -> YpyPeer:
        """Has a y-py editor join."""
        peer = YpyPeer(self.url, self.name)
        self._others.append(peer)
        return peer

    def until(self, holds: Callable[[], object]) -> None:
        """Lets everybody work until something holds."""

        def look() -> bool:
            self.take_in()
            return bool(holds())

        self._desk.until(look)

    def look(self) -> None:
        """Gives everybody a moment to take in what the others have written."""
        QCoreApplication.processEvents()
        self.take_in()

    def take_in(self) -> None:
        """Takes over what the other editors have heard."""
        for other in self._others:
            other.take_in()

    @property
    def delta(self) -> Delta:
        """What cowrite's copy of the shared document holds."""
        return quill_of(self.draft.document.stored_spans())

    def converged(self) -> Delta:
        """What everybody holds in the end."""
        self.until(lambda: all(quill(other.delta) == self.delta for other in self._others))
        document = self.draft.document
        assert quill_of(document.spans()) == self.delta
        shown = self.editor.document().toRawText().replace("\u2029", "\n")
        assert shown + "\n" * document.is_closed == document.text()
        return self.delta

    # What the person at cowrite's window does

    def type(self, text: str) -> None:
        """Presses the keys of a text."""
        write(self.draft, text)

    def compose(self, text: str) -> None:
        """Writes with an input method, as Chinese and emoji are written: first shown, then taken."""
        QCoreApplication.sendEvent(self.editor, QInputMethodEvent(text[:1], []))
        event = QInputMethodEvent()
        event.setCommitString(text)
        QCoreApplication.sendEvent(self.editor, event)

    def press(self, keys: str | QKeySequence.StandardKey, times: int = 1) -> None:
        """Presses a key or a shortcut."""
        for _ in range(times):
            QTest.keySequence(self.editor, QKeySequence(keys))

    def link_to(self, address: str) -> None:
        """Makes the selection a link, through the dialog."""
        self.draft.window.actions_["link"].trigger()
        dialog = QApplication.activeModalWidget()
        assert dialog is not None
        field = dialog.findChild(QLineEdit)
        field.selectAll()
        QTest.keyClicks(field, address)
        QTest.keyClick(field, Qt.Key.Key_Return)

    def paste_picture(self) -> str:
        """Pastes a picture; gives the name by which it is stored."""
        picture = QImage(8, 8, QImage.Format.Format_RGB32)
        picture.fill(Qt.GlobalColor.darkGreen)
        QGuiApplication.clipboard().setImage(picture)
        self.press(QKeySequence.StandardKey.Paste)
        names = [span.embed["image"] for span in self.draft.document.spans() if span.embed]
        return str(names[-1])

    def leave(self) -> None:
        """Cowrite ends."""
        self._desk.leave()

    def close(self) -> None:
        """The others leave."""
        for other in self._others:
            other.close()


@pytest.fixture(scope="module")
def open_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenServer]:
    with OpenServer(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture
def room(open_server: OpenServer, cowrite_home: Path, qtbot) -> Iterator[Room]:
    """A new document with nothing in it, which cowrite and a Yjs editor have open."""
    desk = Desk(cowrite_home, qtbot, ADA)
    entered = None
    try:
        entered = Room(desk, open_server.url, f"room-{uuid4().hex}")
        yield entered
    finally:
        desk.leave()
        if entered is not None:
            entered.close()


@pytest.fixture
def ypy(room: Room) -> YpyPeer:
    """A y-py editor in the room."""
    return room.invite_ypy()


def test_what_is_written_in_cowrite_arrives_at_yjs_and_ypy_as_quill_writes_it(room: Room, ypy: YpyPeer) -> None:
    room.type("# Plan 🌱\nA **bold** and *italic* `code` word")
    room.press("Ctrl+Shift+Left")
    room.link_to("https://example.org/å")
    room.press("End")
    room.type("\n- one\n\ttwo\n")
    room.press("Backtab")
    room.compose("三")
    room.type("\n\n## ")
    room.compose("日本語👩‍👩‍👧")
    room.type("\n1. first\n\n")
    picture = room.paste_picture()
    assert picture.startswith("sha256:")
    assert room.converged() == [
        {"insert": "Plan 🌱"},
        {"insert": "\n", "attributes": {"header": 1}},
        {"insert": "A "},
        {"insert": "bold", "attributes": {"bold": True}},
        {"insert": " and "},
        {"insert": "italic", "attributes": {"italic": True}},
        {"insert": " "},
        {"insert": "code", "attributes": {"code": True}},
        {"insert": " "},
        {"insert": "word", "attributes": {"link": "https://example.org/å"}},
        {"insert": "\none"},
        {"insert": "\n", "attributes": {"list": "bullet"}},
        {"insert": "two"},
        {"insert": "\n", "attributes": {"indent": 1, "list": "bullet"}},
        {"insert": "三"},
        {"insert": "\n", "attributes": {"list": "bullet"}},
        {"insert": "日本語👩‍👩‍👧"},
        {"insert": "\n", "attributes": {"header": 2}},
        {"insert": "first"},
        {"insert": "\n", "attributes": {"list": "ordered"}},
        {"insert": {"image": picture}},
        {"insert": "\n"},
    ]


QUILL_PAGE: Delta = [
    {"insert": "Überschrift 😀 見出し"},
    {"insert": "\n", "attributes": {"header": 1}},
    {"insert": "bold", "attributes": {"bold": True}},
    {"insert": " and "},
    {"insert": "both", "attributes": {"bold": True, "italic": True}},
    {"insert": ", a "},
    {"insert": "link", "attributes": {"link": "https://quilljs.com"}},
    {"insert": " and "},
    {"insert": "code", "attributes": {"code": True}},
    {"insert": " 🇯🇵.\none"},
    {"insert": "\n", "attributes": {"list": "bullet"}},
    {"insert": "二"},
    {"insert": "\n", "attributes": {"list": "bullet", "indent": 1}},
    {"insert": "first"},
    {"insert": "\n", "attributes": {"list": "ordered"}},
    {"insert": "done"},
    {"insert": "\n", "attributes": {"list": "checked"}},
    {"insert": {"image": "https://example.org/picture.png"}},
    {"insert": "\nx = 1"},
    {"insert": "\n", "attributes": {"code-block": True}},
    {"insert": "the end\n"},
]


@pytest.mark.parametrize("writer", ["yjs", "ypy"])
def test_what_other_editors_write_arrives_in_cowrite_and_looks_as_it_should(room: Room, ypy: YpyPeer, writer) -> None:
    {"yjs": room.yjs, "ypy": ypy}[writer].apply(QUILL_PAGE)
    assert room.converged() == quill(QUILL_PAGE)
    editor, text = room.editor, text_of(QUILL_PAGE)

    def at(words: str) -> object:
        before, _, _ = text.partition(words)
        editor.set_caret(len(f"{before}{words}".encode("utf-16-le")) // 2)
        return editor.formatting.state()

    assert at("見出し").header == 1
    assert at("bold").bold
    assert (at("both").bold, at("both").italic) == (True, True)
    assert at("link").link == "https://quilljs.com"
    assert at("code").code
    assert (at("one").list, at("one").indent) == ("bullet", 0)
    assert (at("二").list, at("二").indent) == ("bullet", 1)
    assert at("first").list == "ordered"
    assert at("done").list == "checked"
    assert at("x = 1").code_block
    assert not any((at("the end").bold, at("the end").list, at("the end").header, at("the end").code_block))


def test_what_is_typed_in_cowrite_beside_others_rich_text_takes_none_of_its_look_by_accident(room: Room) -> None:
    room.yjs.apply(QUILL_PAGE)
    room.converged()
    place = len(text_of(QUILL_PAGE).partition("\ufffc")[0].encode("utf-16-le")) // 2
    room.editor.set_caret(place + 1)
    room.type("!")
    room.editor.set_caret(place)
    room.type("?")
    wanted = [dict(piece) for piece in QUILL_PAGE]
    picture = next(i for i, piece in enumerate(wanted) if not isinstance(piece["insert"], str))
    wanted[picture : picture + 1] = [{"insert": "?"}, wanted[picture], {"insert": "!"}]
    assert room.converged() == quill(wanted)


def test_a_style_that_quill_gives_an_unfinished_last_line_shows_in_cowrite(room: Room) -> None:
    room.yjs.apply([{"insert": "Title 題"}])
    room.converged()
    room.yjs.apply([{"retain": 7}, {"retain": 1, "attributes": {"header": 2}}])
    assert room.converged() == [{"insert": "Title 題"}, {"insert": "\n", "attributes": {"header": 2}}]
    room.editor.set_caret(3)
    assert room.editor.formatting.state().header == 2


def test_formats_that_cowrite_gives_others_text_and_that_they_give_its_arrive(room: Room, ypy: YpyPeer) -> None:
    room.type("ours 是\n")
    room.converged()
    ypy.apply([{"retain": 7}, {"insert": "py 😀\n"}])
    room.converged()
    room.press("Shift+End")
    room.draft.window.actions_["bold"].trigger()
    room.draft.window.actions_["heading_3"].trigger()
    room.converged()
    room.yjs.apply([{"retain": 4, "attributes": {"italic": True}}])
    ypy.apply([{"retain": 6}, {"retain": 1, "attributes": {"list": "bullet"}}])
    assert room.converged()[:5] == [
        {"insert": "ours", "attributes": {"italic": True}},
        {"insert": " 是"},
        {"insert": "\n", "attributes": {"list": "bullet"}},
        {"insert": "py 😀", "attributes": {"bold": True}},
        {"insert": "\n", "attributes": {"header": 3}},
    ]


def test_what_three_people_type_at_once_in_one_place_is_there_everywhere_and_each_in_one_piece(
    room: Room, ypy: YpyPeer
) -> None:
    room.yjs.apply([{"insert": "All: .\n"}])
    room.converged()
    room.editor.set_caret(5)
    ours, yjs, python = "<cowrite wrote żółć here>" * 3, "{Quill 書いた 😀 here}" * 3, "⟦y-py wrote 👍🏽 all this⟧"
    room.yjs.start_typing(yjs, 5)
    ours_typed = python_typed = 0
    interleaved = False
    while ours_typed < len(ours) or python_typed < len(python) or room.yjs.is_typing:
        if ours_typed < len(ours):
            room.type(ours[ours_typed])
            ours_typed += 1
        if python_typed < len(python):
            ypy.type_behind(python[:python_typed] or "All: ", python[python_typed])
            python_typed += 1
        room.look()
        interleaved = interleaved or (ours_typed < len(ours) and "{" in room.editor.toPlainText() and "⟦" in ypy.text)
    text = text_of(room.converged())
    assert interleaved
    assert (text.count(ours), text.count(yjs), text.count(python)) == (1, 1, 1)
    assert len(text) == len("All: .\n" + ours + yjs + python)


def test_undo_in_cowrite_takes_back_what_was_written_there_and_nothing_of_the_others(room: Room, ypy: YpyPeer) -> None:
    room.type("# mine and mine")
    room.converged()
    room.yjs.apply([{"insert": "引用 😀 "}])
    room.converged()
    ypy.apply([{"retain": 10}, {"insert": "(py 👍🏽)"}])
    room.converged()
    room.press("End")
    room.type(" again")
    room.yjs.apply([{"retain": 2, "attributes": {"bold": True}}])
    room.converged()
    steps = 0
    while room.draft.document.can_undo():
        room.press(QKeySequence.StandardKey.Undo)
        steps += 1
    assert text_of(room.converged()).rstrip("\n") == "引用 😀 (py 👍🏽)"
    assert room.delta[0] == {"insert": "引用", "attributes": {"bold": True}}
    room.press(QKeySequence.StandardKey.Redo, times=steps)
    redone = text_of(room.converged())
    assert redone.startswith("引用 😀 ")
    assert "(py 👍🏽)" in redone
    assert sorted(redone.strip("\n")) == sorted("引用 😀 mine and mine again(py 👍🏽)")


@pytest.mark.parametrize("text", ["smile 😀😀 and 👩‍👩‍👧 end", "日本語の文 𠀋 and عربي"])
def test_yjs_finds_a_caret_of_cowrite_at_the_character_where_it_stands(room: Room, text: str) -> None:
    room.yjs.apply([{"insert": f"{text}\n"}])
    room.converged()
    room.type(text)
    room.converged()

    def is_seen() -> bool:
        ada = room.yjs.sees(ADA)
        return ada is not None and (ada["anchor"], ada["head"]) == room.editor.caret()

    room.until(is_seen)
    state = room.yjs.sees(ADA)["state"]
    assert state["user"] == {"name": ADA, "color": "#c4314b"}
    assert set(state["cursor"]) == {"anchor", "head"}
    room.press("Home")
    room.until(is_seen)
    while not room.editor.textCursor().atBlockEnd():
        room.press("Right")
        room.until(is_seen)
    room.press("Shift+Left", times=3)
    room.until(is_seen)
    anchor, head = room.editor.caret()
    assert anchor - head >= 3
    room.yjs.apply([{"insert": "𝒳é "}])
    room.converged()
    assert room.editor.caret() == (anchor + 4, head + 4)
    room.until(is_seen)


def test_cowrite_finds_a_caret_of_a_yjs_editor_at_the_character_where_it_stands(room: Room) -> None:
    room.type("a😀b ")
    room.converged()
    room.yjs.apply([{"insert": "日本 👍🏽 "}])
    length = len(text_of(room.converged()).encode("utf-16-le")) // 2

    def seen() -> list[tuple[str, str, tuple[int, int] | None]]:
        return [(mate.name, mate.colour, mate.selection) for mate in room.draft.shared.presence.teammates()]

    for anchor, head in ((0, 2), (2, 2), (9, 7), (3, length)):
        room.yjs.select(anchor, head)
        room.until(lambda place=(anchor, head): seen() == [("Quill", "#2f5fd0", place)])
    room.press("Ctrl+Home")
    room.type("żółw 🐢 ")
    room.until(lambda: seen() == [("Quill", "#2f5fd0", (3 + 8, length + 8))])


def test_a_ypy_editor_that_comes_later_edits_what_is_there_and_doubles_nothing(room: Room) -> None:
    room.type("words ")
    room.compose("言葉 😀")
    room.converged()
    late = room.invite_ypy()
    late.apply([{"retain": 9}, {"insert": "and "}])
    room.type("!")
    assert text_of(room.converged()) == "words 言葉 and 😀!"


def test_who_leaves_is_gone_from_the_others_windows(room: Room, ypy: YpyPeer) -> None:
    room.until(lambda: room.yjs.sees(ADA) and len(room.draft.shared.presence.teammates()) == 1)
    late = YjsPeer(room.url, room.name, "Late")
    try:
        room.until(lambda: "Late" in [mate.name for mate in room.draft.shared.presence.teammates()])
    finally:
        late.close()
    room.until(lambda: [mate.name for mate in room.draft.shared.presence.teammates()] == ["Quill"])
    room.leave()
    room.until(lambda: room.yjs.sees(ADA) is None)
