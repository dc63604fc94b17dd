"""Random plans for editors that are bound to shared documents, in the manner of Zed's collaboration tests.

A plan is a list of operations, each one JSON object: the first says how many people there are, the others what a person
does with keys, mouse, clipboard and commands, and what the network does with the updates. The same plan does the same
thing every time; each operation makes sense without those before it, so a failing plan is made small by leaving lines
out. A plan that fails is saved as a file, one operation a line, and `python tests/run_plans.py --replay FILE` runs it.

What must hold is in `Player.check`, `World.perform` and `World.finish`.
"""

from __future__ import annotations

import itertools
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

import pycrdt
from PySide6.QtCore import QCoreApplication, QMimeData, Qt, qInstallMessageHandler
from PySide6.QtGui import QImage, QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QTextEdit

from cowrite.bridge.editor_binding import shown_text
from cowrite.bridge.text_formats import block_part
from cowrite.core.anchors import Anchor, Stick
from cowrite.core.document import Document, Origin
from cowrite.core.lines import STYLES, toggle_check
from cowrite.core.richtext import EMBED_CHARACTER, Span, joined, lines_of, utf16_length
from cowrite.gui.clipboard import SPANS_TYPE
from cowrite.gui.editor import Editor
from cowrite.gui.theme import named

Op = dict[str, Any]

STEP = 10  # milliseconds between two operations
PAUSE = 1000  # milliseconds of quiet that end an undo step
LONGEST = 260  # characters; beyond, a person deletes what is selected, so that plans stay fast

_TOKENS = 4000
_BMP, _ASTRAL = 0x4E00, 0x20000

WORDS = [
    "a", "word", "écrit", "😀", "👩‍👩‍👧", "🏳️‍🌈", "x\ny", "שלום", "عربي", "n\u0303", " ", "🇩🇪",
    "ends\n", "\n", "  ", "\t", "**",
]  # fmt: skip
HOSTILE = [
    "\r\n",
    "\r",
    "\u2028",
    "\u2029",
    "a\u0000b",
    "\ufeff",
    "\ufffe",
    "\ufdd0",
    "\ufdd1",
    "\u200b\ufeff",
    "\v\f",
    "\x1b[0m",
    "\ufffc",
]
HABITS = [
    "# ",
    "### ",
    "- ",
    "1. ",
    "[] ",
    "[x] ",
    "> ",
    "```",
    "---\n",
    "**b**",
    "*i*",
    "`c`",
    "~~s~~",
    "__b__",
    "_i_",
]
INLINE: list[Op] = [
    {"bold": True}, {"italic": True}, {"underline": True}, {"strike": True}, {"code": True}, {"script": "super"},
    {"color": "#aa0000"}, {"background": "#ffff00"}, {"bold": None}, {"code": None}, {"link": "https://example.org"},
]  # fmt: skip
ALIGNS = [None, "center", "right", "justify"]
KEYS = [
    "Return", "Return", "Return", "Backspace", "Backspace", "Backspace", "Delete", "Delete", "Tab", "Backtab",
    "Left", "Right", "Home", "End", "Up", "Down", "shift+Return", "shift+Left", "shift+Right", "shift+Up",
    "ctrl+Backspace", "ctrl+Delete", "ctrl+A", "ctrl+Home", "ctrl+End", "Insert",
]  # fmt: skip
HTML = [
    "<h2>Head</h2><p>some <b>bold</b> and <a href='https://example.org'>link</a></p>",
    "<ul><li>one<ul><li>two</li></ul></li><li>three</li></ul>",
    "<ol><li>first</li></ol><blockquote>quoted</blockquote><pre>code\n  more</pre>",
    "plain <i>words</i> 😀",
    "<table><tr><td>a</td><td>b</td></tr></table><hr><p align=center>mid</p>",
    "<script>alert(1)</script><img src='https://example.org/x.png' onerror='alert(1)'>tail",
]
MARKDOWN = [
    "# Head\n\nText **bold** and *italic*\n",
    "- one\n  - two\n- [ ] open\n- [x] done\n",
    "1. a\n2. b\n\n> quoted\n\n```\ncode\n```\n",
    "---\n\n[link](https://example.org) `code`",
]
OWN: list[list[list[Any]]] = [
    [["head", {}, None], ["\n", {"header": 2}, None], ["tail", {"bold": True}, None]],
    [
        ["item", {}, None],
        ["\n", {"list": "bullet", "indent": 1}, None],
        ["x", {}, None],
        ["\n", {"list": "checked"}, None],
    ],
    [[EMBED_CHARACTER, {}, {"image": "sha256:" + "ab" * 32}], ["caption", {"italic": True}, None]],
    [["\n", {"code-block": True}, None], ["\n\n", {}, None]],
    [[EMBED_CHARACTER, {"bold": True}, {"divider": True}], ["\n", {}, None]],
]
STRANGE: list[Op] = [
    {}, {"bold": True}, {"header": 1}, {"header": "x"}, {"header": 99}, {"header": 2.5}, {"list": {"a": 1}},
    {"list": "odd"}, {"indent": -3}, {"indent": 1000000000.0}, {"indent": "deep"}, {"link": 5},
    {"color": "no colour"}, {"font": 7}, {"size": []}, {"blockquote": "yes"}, {"align": 3},
    {"direction": "rtl"}, {"unheard-of": {"of": [1, None]}}, {"code-block": "python"}, {"script": "sideways"},
    {"insertion": "me"}, {"width": 12}, {"ai": {"model": "x"}}, {"list": "bullet", "header": 1},
]  # fmt: skip


# Making plans


def make_plan(seed: int, *, steps: int = 60) -> list[Op]:
    """A plan from a seed: mostly what people do, now and then what only a test would do."""
    chance = Random(seed)
    people = chance.choice((1, 2, 2, 2, 3, 3, 4, 5))
    plan: list[Op] = [{"do": "begin", "seed": seed, "people": people, "maker": chance.random() < 0.75}]
    tokens = [itertools.count() for _ in range(people)]
    hostile = chance.random() < 0.3
    clients = itertools.count(1000)
    for _ in range(steps):
        if people > 1 and chance.random() < 0.35:
            plan.append(_network_op(chance, people))
            continue
        who = chance.randrange(people)
        plan.append(_person_op(chance, who, lambda who=who: token(who, next(tokens[who])), clients, hostile=hostile))
    return plan


def token(who: int, number: int) -> str:
    """A character that only this person ever types, and only once: half of them of two UTF-16 units."""
    first = _ASTRAL if number % 2 else _BMP
    return chr(first + who * _TOKENS + number % _TOKENS)


def author(character: str) -> int | None:
    """Who has typed a character; None where it is no token."""
    code = ord(character)
    for first in (_BMP, _ASTRAL):
        if first <= code < first + 5 * _TOKENS:
            return (code - first) // _TOKENS
    return None


def _network_op(chance: Random, people: int) -> Op:
    match chance.randrange(20):
        case 0:
            islands = [chance.randrange(3) for _ in range(people)]
            return {"do": "partition", "islands": islands}
        case 1:
            return {"do": "heal"}
        case 2 | 3:
            return {"do": "drop", "n": chance.randrange(1000)}
        case 4 | 5:
            return {"do": "duplicate", "n": chance.randrange(1000)}
        case 6 | 7:
            one, other = chance.sample(range(people), 2)
            return {"do": "sync", "from": one, "who": other}
        case 8:
            return {"do": "rain", "who": chance.randrange(people)}
        case _:
            return {"do": "deliver", "n": chance.randrange(1000)}


def _place(chance: Random) -> str:
    kind = chance.choice("cccclls e k".replace(" ", ""))
    return kind if kind == "k" else f"{kind}{chance.randrange(1000)}"


def _words(chance: Random, next_token: Callable[[], str]) -> str:
    return "".join(
        next_token() if chance.random() < 0.5 else chance.choice(WORDS) for _ in range(chance.randrange(1, 4))
    )


def _person_op(chance: Random, who: int, next_token: Callable[[], str], clients: Iterator[int], *, hostile: bool) -> Op:
    op: Op = {"do": "", "who": who}

    def made(do: str, **more: Any) -> Op:
        return {**op, "do": do, **more}

    def range_() -> Op:
        at = _place(chance)
        return {"at": at, "to": _place(chance) if chance.random() < 0.5 else at}

    if hostile and chance.random() < 0.12:
        attributes = chance.choice(STRANGE)
        text = chance.choice(HOSTILE + WORDS)
        kind = chance.choice(("insert", "insert", "format", "embed", "delete"))
        more = {"client": next(clients), "at": chance.randrange(1000), "kind": kind, "text": text}
        return made("foreign", **more, attributes=attributes)
    roll = chance.randrange(100)
    if roll < 18:
        return made("type", text=_words(chance, next_token).replace("\n", ""), **range_())
    if roll < 22:
        return made(
            "type", text=chance.choice(HABITS) + chance.choice(("", next_token())), at=f"s{chance.randrange(99)}"
        )
    if roll < 38:
        return made("key", key=chance.choice(KEYS), times=chance.choice((1, 1, 1, 2, 3)), **range_())
    if roll < 43:
        text = chance.choice(HOSTILE[:-1]) if hostile and chance.random() < 0.3 else _words(chance, next_token)
        return made("insert", text=text, **range_())
    if roll < 46:
        return made("compose", pre=["か", "かん", "漢"][: chance.randrange(1, 4)], text=next_token(), **range_())
    if roll < 52:
        kind = chance.choice(("plain", "html", "markdown", "own"))
        samples = {"plain": len(WORDS), "html": len(HTML), "markdown": len(MARKDOWN), "own": len(OWN)}
        text = next_token() if kind == "plain" else ""
        return made("paste", kind=kind, n=chance.randrange(samples[kind]), text=text, **range_())
    if roll < 57:
        return made(chance.choice(("copy", "cut", "move")), **range_())
    if roll < 64:
        return made("inline", attributes=chance.choice(INLINE), toggle=chance.random() < 0.6, **range_())
    if roll < 70:
        return made("style", style=chance.choice(list(STYLES)), **range_())
    if roll < 75:
        return made("list", kind=chance.choice(("bullet", "ordered", "unchecked")), **range_())
    if roll < 77:
        return made("indent", step=chance.choice((1, -1)), **range_())
    if roll < 79:
        return made("align", align=chance.choice(ALIGNS), **range_())
    if roll < 81:
        return made(chance.choice(("clear", "check", "unlink")), **range_())
    if roll < 83:
        return made(chance.choice(("divider", "image")), n=chance.randrange(9), **range_())
    if roll < 84:
        return made("replace", text=chance.choice(("", "x", "😀")), **range_())
    if roll < 91:
        return made("undo", times=chance.choice((1, 1, 2, 4)))
    if roll < 95:
        return made("redo", times=chance.choice((1, 1, 2, 4)))
    if roll < 97:
        return made("pause")
    if roll < 98:
        return made("anchor", at=_place(chance))
    if roll < 99:
        return made("look", theme=chance.choice(("light", "dark")))
    return made("reopen", client=next(clients))


# Carrying plans out


class PlanFailed(AssertionError):
    """Something did not hold.

    Attributes:
        step: index of the operation after which it did not.
    """

    def __init__(self, step: int, op: Op, reason: str) -> None:
        super().__init__(f"after operation {step} {json.dumps(op, ensure_ascii=False)}: {reason}")
        self.step = step


class FakeImages:
    """Images in memory; none can be shown."""

    def __init__(self) -> None:
        self.stored: dict[str, bytes] = {}

    def put(self, content: bytes, media_type: str) -> str:
        name = f"sha256:{len(self.stored):064x}"
        self.stored[name] = content
        return name

    def image(self, name: str) -> QImage | None:
        return None


class Player:
    """One person: an editor, the document behind it, and a clipboard."""

    def __init__(self, who: int, document: Document) -> None:
        self.who = who
        self.outbox: list[bytes] = []
        self.clipboard: QMimeData | None = None
        self.open(document)

    def open(self, document: Document) -> None:
        """Shows a document."""
        self.document = document
        self.editor = Editor(document, named("light"), FakeImages())
        self.document.observe_updates(
            lambda sent: sent[1] in (Origin.REMOTE, Origin.STORAGE) or self.outbox.append(sent[0])
        )

    def shown(self) -> str:
        """The text in the widget."""
        return self.editor.document().toRawText().replace("\u2029", "\n")

    def tokens(self) -> set[str]:
        """The tokens that are in the document."""
        return {character for character in self.document.text() if author(character) is not None}

    def perform(self, op: Op) -> None:
        """Does one thing that a person can do."""
        if "at" in op and op["do"] not in ("foreign", "anchor"):
            at = self.place(op["at"])
            to = self.place(op["to"]) if "to" in op else at
            if len(self.shown()) > LONGEST:
                at, to = sorted((self.place("c150"), self.place("c850")))
            self.editor.set_caret(to, at if to != at else None)
        getattr(self, "do_" + op["do"])(op)

    def place(self, spec: str) -> int:
        """A position, in UTF-16 units, from how a plan says it: character, line end, start, beside an embed, caret."""
        if spec == "k":
            return self.editor.caret()[1]
        text, kind, number = self.shown(), spec[0], int(spec[1:])
        boundaries = [0, *itertools.accumulate(utf16_length(character) for character in text)]
        marks = {"l": "\n", "s": "\n", "e": EMBED_CHARACTER}
        if kind in marks:
            found = [boundaries[i] + (kind != "l") for i, c in enumerate(text) if c == marks[kind]]
            found = [*found, boundaries[-1]] if kind == "l" else [0, *found]
            return found[number % len(found)]
        return boundaries[number * len(boundaries) // 1000]

    # What a person does

    def do_type(self, op: Op) -> None:
        for character in op["text"]:
            if character == "\n":
                press(self.editor, "Return")
            else:
                press_text(self.editor, character)

    def do_key(self, op: Op) -> None:
        for _ in range(op["times"]):
            press(self.editor, op["key"])

    def do_insert(self, op: Op) -> None:
        self.editor.textCursor().insertText(op["text"])

    def do_compose(self, op: Op) -> None:
        before = self.document.text()
        selected = self.editor.textCursor().hasSelection()
        for text in op["pre"]:
            QCoreApplication.sendEvent(self.editor, QInputMethodEvent(text, []))
            assert selected or self.document.text() == before, "text that is being composed is in the shared document"
        event = QInputMethodEvent("", [])
        event.setCommitString(op["text"])
        QCoreApplication.sendEvent(self.editor, event)

    def do_paste(self, op: Op) -> None:
        data, n = QMimeData(), op["n"]
        match op["kind"]:
            case "plain":
                data.setText(WORDS[n] + op["text"])
            case "html":
                data.setHtml(HTML[n])
            case "markdown":
                data.setText(MARKDOWN[n])
            case "own":
                data.setData(SPANS_TYPE, json.dumps(OWN[n]).encode())
        self.editor.insertFromMimeData(data)

    def do_copy(self, op: Op) -> None:
        self._take()
        self._give()

    def do_cut(self, op: Op) -> None:
        self._take()
        self.editor.textCursor().removeSelectedText()

    def do_move(self, op: Op) -> None:
        self._take()
        self.editor.textCursor().removeSelectedText()
        self.editor.set_caret(self.place("c500"))
        self._give()

    def _take(self) -> None:
        """Copies the selection, without tokens: a token is in a text once, and stays its author's."""
        data = self.editor.createMimeDataFromSelection()
        own = json.loads(bytes(data.data(SPANS_TYPE).data()))
        for span in own:
            span[0] = "".join(character for character in span[0] if author(character) is None)
        data.setData(SPANS_TYPE, json.dumps([span for span in own if span[0]]).encode())
        self.clipboard = data

    def _give(self) -> None:
        if self.clipboard is not None:
            self.editor.insertFromMimeData(self.clipboard)

    def do_inline(self, op: Op) -> None:
        for name, value in op["attributes"].items():
            if name == "link":
                self.editor.set_link(value, "text")
            elif op["toggle"] and value is not None:
                self.editor.toggle_inline(name, value)
            else:
                self.editor.set_inline(name, value)

    def do_style(self, op: Op) -> None:
        self.editor.set_style(op["style"])

    def do_list(self, op: Op) -> None:
        self.editor.toggle_list(op["kind"])

    def do_indent(self, op: Op) -> None:
        self.editor.indent(op["step"])

    def do_align(self, op: Op) -> None:
        self.editor.set_align(op["align"])

    def do_clear(self, op: Op) -> None:
        self.editor.clear_format()

    def do_unlink(self, op: Op) -> None:
        self.editor.set_link(None)

    def do_check(self, op: Op) -> None:
        toggle_check(self.document, self.editor.caret()[1])

    def do_divider(self, op: Op) -> None:
        self.editor.insert_divider()

    def do_image(self, op: Op) -> None:
        self.editor.insert_embed({"image": f"sha256:{op['n']:064x}"})

    def do_replace(self, op: Op) -> None:
        start, stop = sorted(self.editor.caret())
        self.editor.replace_range(start, stop, op["text"])

    def do_undo(self, op: Op) -> None:
        for _ in range(op["times"]):
            self.undo()

    def undo(self) -> None:
        """Takes back a step, and looks whether that has taken anything from a teammate."""
        before = {character for character in self.tokens() if author(character) != self.who}
        self.editor.undo_own()
        gone = before - self.tokens()
        assert not gone, f"undo by {self.who} removed {sorted(gone)} of {sorted({author(c) for c in gone})}"

    def do_redo(self, op: Op) -> None:
        for _ in range(op["times"]):
            self.editor.redo_own()

    def do_look(self, op: Op) -> None:
        self.editor.show_theme(named(op["theme"]))

    # What must hold

    def check(self) -> None:
        """The widget, the rope and the CRDT hold the same rich text, and the widget shows it as the formats say."""
        spans = joined(self.document.spans())
        stored = joined(self.document.stored_spans())
        assert spans == stored, f"rope {spans} is not CRDT {stored}"
        formats, editor = self.editor._formats, self.editor
        lines = lines_of(spans)
        block = editor.document().begin()
        for number, line in enumerate(lines or lines_of([Span("\n")])):
            assert block.isValid(), f"the widget ends before line {number} of {len(lines)}: {shown_lines(editor)}"
            start, end = block.position(), block.position() + block.length() - 1
            shown = joined(editor._binding._read(start, end))
            held = joined(Span(shown_text(span), span.attributes, span.embed) for span in line.spans)
            assert shown == held, f"line {number}: widget {shown} is not document {held}"
            attributes = block_part(line.attributes)
            style = formats.line_attributes(block.blockFormat())
            assert style == attributes, f"line {number}: widget {style} is not document {attributes}"
            assert block.blockFormat() == formats.line_format(attributes), f"line {number} does not look as it is"
            iterator = block.begin()
            while not iterator.atEnd():
                fragment = iterator.fragment()
                look = fragment.charFormat()
                wanted = formats.char_format(formats.attributes(look), attributes, formats.embed(look))
                assert look == wanted, f"line {number}: “{fragment.text()}” does not look as it is"
                iterator += 1
            block = block.next()
        assert not block.isValid(), f"the widget has more lines than {len(lines)}: {shown_lines(editor)}"
        editor.format_state()
        for end in editor.caret():
            self.document.rope.octet_of(min(end, self.document.length))  # never inside of a character


class World:
    """All people of a plan, and the network between them."""

    def __init__(self, plan: list[Op]) -> None:
        begin = plan[0]
        self.now = 0
        self.parcels: list[tuple[int, int, bytes]] = []
        self.islands = [0] * begin["people"]
        self.anchors: list[tuple[str, Anchor]] = []
        self.disturbed: set[str] = set()
        self.players = []
        for who in range(begin["people"]):
            document = Document(client_id=who + 1, clock=lambda: self.now)
            if who == 0 and begin["maker"]:
                with document.edit(Origin.IMPORT) as edit:
                    edit.insert(0, "\n")
            self.players.append(Player(who, document))
        if begin["maker"]:
            self._carry(self.players[0].document.state(), 0)

    def perform(self, op: Op) -> None:
        """Does one operation; what must hold after each is checked."""
        self.now += PAUSE if op["do"] == "pause" else STEP
        if op["do"] in ("begin", "pause"):
            return
        act = getattr(self, "do_" + op["do"], None)
        if act is not None:
            act(op)
            return
        player = self.players[op["who"] % len(self.players)]
        with self._watched(player):
            player.perform(op)
        self._collect(player)

    def finish(self) -> None:
        """Repairs what was lost; then all are equal, and stay so when each has taken back all their own."""
        self.heal()
        self.converge()
        if len(self.players) == 1:
            self._check_undo_alone()
        for player in self.players:
            before = {character for character in player.tokens() if author(character) != player.who}
            for _ in range(200):
                if not player.document.can_undo():
                    break
                with self._watched(player):
                    player.undo()
            assert not player.document.can_undo(), "undo does not end"
            assert before <= player.tokens(), f"undoing everything removed {before - player.tokens()}"
            self._collect(player)
        self.converge()
        for player in self.players:
            player.editor.grab()
            player.editor.selectAll()
            player.editor.createMimeDataFromSelection()

    def converge(self) -> None:
        """Exchanges state vectors until nobody lacks anything; all must be equal then."""
        self.parcels.clear()
        for _ in range(2):
            for one, other in itertools.permutations(self.players, 2):
                self._deliver(other, one.document.update_since(other.document.state_vector()))
        first = self.players[0]
        for other in self.players[1:]:
            one, two = joined(first.document.spans()), joined(other.document.spans())
            assert one == two, f"replicas 0 and {other.who} differ: {one} and {two}"
            assert _same_vector(first.document, other.document)

    def _check_undo_alone(self) -> None:
        """With nobody else there, undoing everything and doing it again ends where it began."""
        player = self.players[0]
        steps = 0
        while player.document.can_redo() and steps < 200:
            player.editor.redo_own()
            steps += 1
        end = joined(player.document.spans())
        while player.document.can_undo() and steps < 200:
            player.editor.undo_own()
            player.check()
            steps += 1
        while player.document.can_redo() and steps < 400:
            player.editor.redo_own()
            player.check()
            steps += 1
        again = joined(player.document.spans())
        assert end == again, f"undo and redo of everything changed {end} to {again}"

    # The network

    def do_partition(self, op: Op) -> None:
        self.islands = (op["islands"] * 5)[: len(self.players)]

    def do_heal(self, op: Op) -> None:
        self.heal()

    def heal(self) -> None:
        """Joins all islands."""
        self.islands = [0] * len(self.players)

    def do_deliver(self, op: Op) -> None:
        self._move(op["n"], keep=False, arrive=True)

    def do_duplicate(self, op: Op) -> None:
        self._move(op["n"], keep=True, arrive=True)

    def do_drop(self, op: Op) -> None:
        self._move(op["n"], keep=False, arrive=False)

    def do_sync(self, op: Op) -> None:
        count = len(self.players)
        source, target = self.players[op["from"] % count], self.players[op["who"] % count]
        self._deliver(target, source.document.update_since(target.document.state_vector()))

    def do_rain(self, op: Op) -> None:
        """All that is on its way to a person arrives at once, as one update: they were asleep."""
        who = op["who"] % len(self.players)
        arriving = [p for p in self.parcels if p[1] == who and self.islands[p[0]] == self.islands[who]]
        if arriving:
            self.parcels = [parcel for parcel in self.parcels if parcel not in arriving]
            self._deliver(self.players[who], pycrdt.merge_updates(*(update for _, _, update in arriving)))

    def do_foreign(self, op: Op) -> None:
        """Another program writes something that no editor of ours would."""
        player = self.players[op["who"] % len(self.players)]
        other: pycrdt.Doc[Any] = pycrdt.Doc(client_id=op["client"])
        body = other.get("body", type=pycrdt.Text)
        other.apply_update(player.document.state())
        before = other.get_state()
        rope = player.document.rope
        boundaries = [0, *itertools.accumulate(utf16_length(character) for character in rope.text())]
        at = rope.octet_of(boundaries[op["at"] * len(boundaries) // 1000])
        end = rope.octet_of(boundaries[min(len(boundaries) - 1, op["at"] * len(boundaries) // 1000 + 3)])
        match op["kind"]:
            case "insert":
                body.insert(at, op["text"], op["attributes"])
            case "embed":
                body.insert_embed(at, {"video": op["text"]}, op["attributes"])
            case "format" if end > at:
                body.format(at, end, op["attributes"])
            case "delete" if end > at:
                self.disturbed |= player.tokens()
                del body[at:end]
        update = other.get_update(before)
        self._deliver(player, update)
        self._carry(update, player.who)

    def do_reopen(self, op: Op) -> None:
        """A person closes the document and opens it again from what was saved."""
        player = self.players[op["who"] % len(self.players)]
        document = Document(client_id=op["client"], clock=lambda: self.now)
        document.apply_update(player.document.state(), Origin.STORAGE)
        document.forget_undo()
        player.open(document)
        player.check()

    def do_anchor(self, op: Op) -> None:
        """Remembers where a caret stands, by the token before it."""
        player = self.players[op["who"] % len(self.players)]
        at = 0
        candidates = []
        for character in player.document.text():
            at += utf16_length(character)
            if author(character) is not None and character not in self.disturbed:
                candidates.append((character, at))
        if candidates:
            character, at = candidates[player.place(op["at"]) % len(candidates)]
            self.anchors.append((character, Anchor.from_json(player.document.anchor(at, Stick.LEFT).to_json())))

    def _move(self, number: int, *, keep: bool, arrive: bool) -> None:
        movable = [i for i, parcel in enumerate(self.parcels) if self.islands[parcel[0]] == self.islands[parcel[1]]]
        if not movable:
            return
        chosen = movable[number % len(movable)]
        _, target, update = self.parcels[chosen]
        if not keep:
            del self.parcels[chosen]
        if arrive:
            self._deliver(self.players[target], update)

    def _deliver(self, player: Player, update: bytes) -> None:
        anchor, head = player.editor.caret()
        before = _token_before(player, head)
        with self._watched(player):
            player.document.apply_remote(update)
        if anchor == head and before is not None:
            self._check_caret(player, before)

    def _check_caret(self, player: Player, before: str) -> None:
        """The caret stays behind the token that stood before it; what came in at the caret is behind it."""
        text, at = player.document.text(), player.editor.caret()[1]
        if text.count(before) == 1 and before not in self.disturbed:
            wanted = utf16_length(text[: text.index(before) + 1])
            assert at == wanted, f"the caret of {player.who} moved from “{before}” at {wanted} to {at}"

    def _collect(self, player: Player) -> None:
        for update in player.outbox:
            self._carry(update, player.who)
        player.outbox.clear()

    def _carry(self, update: bytes, source: int) -> None:
        self.parcels += [(source, target, update) for target in range(len(self.players)) if target != source]

    @contextmanager
    def _watched(self, player: Player) -> Iterator[None]:
        tokens = player.tokens()
        yield
        player.check()
        self.disturbed |= tokens - player.tokens()
        text = player.document.text() if self.anchors else ""
        for character, anchor in self.anchors:
            if character in text and character not in self.disturbed:
                wanted = utf16_length(text[: text.index(character) + 1])
                found = player.document.resolve(anchor)
                assert found == wanted, f"the anchor behind “{character}” is at {found} and not at {wanted}"


def press_text(editor: QTextEdit, text: str) -> None:
    """Sends the key press that types a character."""
    QCoreApplication.sendEvent(editor, QKeyEvent(QKeyEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, text))


def press(editor: QTextEdit, key: str) -> None:
    """Sends a key press, such as "Return" or "shift+Left"."""
    *held, name = key.split("+")
    names = {"shift": Qt.KeyboardModifier.ShiftModifier, "ctrl": Qt.KeyboardModifier.ControlModifier}
    modifiers = Qt.KeyboardModifier.NoModifier
    for each in held:
        modifiers |= names[each]
    if name == "Backtab":
        modifiers |= Qt.KeyboardModifier.ShiftModifier
    text = {"Return": "\r", "Tab": "\t", "Backspace": "\b", "Delete": "\x7f"}.get(name, "")
    QCoreApplication.sendEvent(editor, QKeyEvent(QKeyEvent.Type.KeyPress, Qt.Key[f"Key_{name}"], modifiers, text))


def shown_lines(editor: QTextEdit) -> list[str]:
    """The widget's lines, for messages."""
    return editor.document().toRawText().split("\u2029")


def _token_before(player: Player, at: int) -> str | None:
    """The token that stands before a position; None where there is none."""
    before = player.document.rope.text(0, at)[-1:] if at <= player.document.length else ""
    return before if before and author(before) is not None else None


def _same_vector(one: Document, other: Document) -> bool:
    return one.update_since(other.state_vector())[:1] == b"\x00" == other.update_since(one.state_vector())[:1]


@contextmanager
def _raised_in_slots() -> Iterator[list[BaseException]]:
    """Keeps what a slot or an event handler raises, and Qt's warnings: both would be printed and forgotten."""
    kept: list[BaseException] = []
    before = sys.excepthook
    sys.excepthook = lambda _kind, error, _trace: kept.append(error)
    handler = qInstallMessageHandler(
        lambda _kind, _context, message: kept.append(AssertionError(f"Qt says: {message}"))
    )
    try:
        yield kept
    finally:
        sys.excepthook = before
        qInstallMessageHandler(handler)


def run_plan(plan: list[Op]) -> None:
    """Carries a plan out.

    Raises:
        PlanFailed: something did not hold.
    """
    with _raised_in_slots() as raised:
        step, op = 0, plan[0]
        try:
            world = World(plan)
            for step, op in enumerate(plan):  # noqa: B007, it is named when the plan fails
                world.perform(op)
                if raised:
                    raise raised[0]
            step, op = len(plan), {"do": "finish"}
            world.finish()
            if raised:
                raise raised[0]
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:
            if raised and error is not raised[0]:
                error = raised[0]
            raise PlanFailed(step, op, f"{type(error).__name__}: {error}") from error


def shrink(plan: list[Op], *, fails: Callable[[list[Op]], bool] | None = None) -> list[Op]:
    """A plan that fails still, with no line that could be left out."""

    def still_fails(candidate: list[Op]) -> bool:
        try:
            run_plan(candidate)
        except PlanFailed:
            return True
        return False

    fails = fails or still_fails
    begin, ops = plan[0], plan[1:]
    size = max(1, len(ops) // 2)
    while True:
        at = 0
        while at < len(ops):
            candidate = ops[:at] + ops[at + size :]
            if fails([begin, *candidate]):
                ops = candidate
            else:
                at += size
        if size == 1:
            break
        size = max(1, size // 2)
    for people in range(1 + max((op.get("who", 0) for op in ops), default=0), begin["people"]):
        if fails([{**begin, "people": people}, *ops]):
            begin = {**begin, "people": people}
            break
    return [begin, *ops]


def plans_folder() -> Path:
    """Where failing plans are saved."""
    return Path(os.environ.get("COWRITE_PLANS") or Path(tempfile.gettempdir()) / "cowrite-plans")


def save_plan(plan: Iterable[Op], path: Path) -> None:
    """Writes a plan, one operation a line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(op, ensure_ascii=True) + "\n" for op in plan))


def load_plan(path: Path) -> list[Op]:
    """Reads a plan."""
    return [json.loads(line) for line in path.read_text().splitlines() if line.strip()]


def run_seed(seed: int, *, steps: int = 60) -> str | None:
    """Carries out the plan of a seed; a plan that fails is made small and saved.

    Returns:
        What is wrong, with the file to replay; or None.
    """
    plan = make_plan(seed, steps=steps)
    try:
        run_plan(plan)
    except PlanFailed as failure:
        path = plans_folder() / f"plan-{seed}.jsonl"
        save_plan(plan, path)
        reason: BaseException = failure
        small = shrink(plan)
        try:
            run_plan(small)
        except PlanFailed as smaller:
            reason = smaller
            save_plan(small, path)
        return f"plan {seed} fails {reason}\n  {len(small)} lines in {path}; python tests/run_plans.py --replay {path}"
    return None
