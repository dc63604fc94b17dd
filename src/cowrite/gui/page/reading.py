"""PageReading: what whoever reads by ear hears of a page beside its letters.

Runs on the GUI thread. Of a page Qt gives screen readers the letters and their looks, and nothing of what a line is or
what holds there: a heading, an item, a cell, a link, a comment, a suggested change, a misspelt word. This says it as
the caret comes there, after a pause in its movement, and all of it when asked. Without a screen reader nothing is
looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from PySide6 import QtGui, QtWidgets  # PySide makes a class when it is first named; most windows never need these
from PySide6.QtCore import QObject

from cowrite.bridge.single_shot import single_shot
from cowrite.convert.values import address
from cowrite.core.text.direction import LTR, RTL
from cowrite.core.text.first_words import shortened
from cowrite.core.text.footnotes import is_footnote
from cowrite.core.text.richtext import PAGE_BREAK, SOFT_BREAK, Attributes
from cowrite.core.writing import tables
from cowrite.core.writing.embeds import embed_at
from cowrite.core.writing.line import depth, heading_level, line_at, list_kind
from cowrite.core.writing.typeface import points, usual_points
from cowrite.gui.commands.actions import FormatState
from cowrite.gui.keyboard.speaking import say
from cowrite.gui.page.editor import Editor
from cowrite.gui.page.embeds import UNKNOWN
from cowrite.gui.page.page_painter import PAGE_BREAK_CAPTION
from cowrite.gui.widgets.tips import tip_of

if TYPE_CHECKING:
    from cowrite.gui.page.footnote_words import FootnoteWords

PAUSE = 120  # milliseconds without a movement of the caret
LINE, TABLE = "line", "table"
BODY, OUTSIDE = "Text", "Outside the table"
_ALIGNED = {"left": "Left-aligned", "center": "Centred", "right": "Right-aligned", "justify": "Justified"}
_DIRECTIONS = {RTL: "Read from right to left", LTR: "Read from left to right"}
_LOOKS = {"bold": "bold", "italic": "italic", "underline": "underlined", "strike": "struck through", "code": "code"}
_SCRIPTS = {"super": "superscript", "sub": "subscript"}


class PageReading(QObject):
    """What is said of one page.

    Args:
        editor: it.

    Attributes:
        sources: each says in words what holds at the caret, or nothing: comments, suggested changes.
        standing: how all of it stands, in sentences: what else is seen at a glance below the page.
    """

    def __init__(self, editor: Editor) -> None:
        super().__init__(editor)
        self._editor = editor
        self.sources: list[Callable[[], str]] = []
        self.standing: Callable[[], Sequence[str]] = tuple
        self._known: dict[str, str] = {}
        self._block = QtGui.QTextBlock()
        self._pause = single_shot(self, self._tell, PAUSE)
        editor.caret_moved.connect(self._follow)
        editor.document().contentsChanged.connect(self._follow)  # a line may become another around the caret

    def say_look(self, name: str, on: bool) -> None:
        """Says that letters begin or cease to look so, by a command."""
        say(self._editor, f"{name} {'on' if on else 'off'}")

    def say_size(self) -> None:
        """Says how large letters are now, by a command."""
        say(self._editor, ", ".join(_letters(self._editor.formatting.state())) or "Normal size")

    def tell_where(self) -> str:
        """Says and shows all that holds at the caret, which may be in the card of a footnote; gives it."""
        from cowrite.core.writing.headings import headings  # needed by this command only

        editor, state = self._editor, self._editor.formatting.state()
        if (card := editor.footnotes.field) is not None:
            return self._give(card.words, [*_in_note(card.words), *self.standing()])
        at = editor.caret()[1]
        number = editor.draft.rope.text(0, at).count("\n") + 1
        last = editor.draft.text().count("\n")
        words = [f"Paragraph {number} of {max(number, last)}", *self._facts(state).values()]
        words += _looks(state)
        start = line_at(editor.draft, at).start
        above = [heading for heading in headings(editor.draft.spans(0, start)) if heading.at < start]
        words += [f"Under the heading “{above[-1].text}”"] if above else []
        return self._give(editor, [*words, *self.standing()])

    def tell_anew(self) -> None:
        """The caret was led somewhere: what holds there is said also where it held before."""
        self._known = {}
        self._follow()

    def _give(self, where: QtWidgets.QTextEdit, words: Sequence[str]) -> str:
        told = ". ".join(words)
        say(where, told)
        corner = where.viewport().mapToGlobal(where.cursorRect().bottomLeft())
        QtWidgets.QToolTip.showText(corner, tip_of("\n".join(words)), where.viewport())
        return told

    def _follow(self) -> None:
        if QtGui.QAccessible.isActive():
            self._pause.start()

    def _tell(self) -> None:
        if not self._editor.hasFocus():
            return
        block = self._editor.textCursor().block()
        is_other, self._block = block != self._block, block
        before, self._known = self._known, self._facts(self._editor.formatting.state())
        new = [
            words
            for name, words in self._known.items()
            if before.get(name) != words or (name == LINE and is_other and _is_each(words))
        ]
        if TABLE in before and TABLE not in self._known:
            new.insert(0, OUTSIDE)
        if LINE in before and LINE not in self._known and not is_other:
            new.insert(0, BODY)
        say(self._editor, ". ".join(new))

    def _facts(self, state: FormatState) -> dict[str, str]:
        """What holds at the caret, in words, by what kind of fact it is."""
        return {name: words for name, words in self._found(state) if words}

    def _found(self, state: FormatState) -> Iterator[tuple[str, str]]:
        editor = self._editor
        anchor, head = editor.caret()
        line = line_at(editor.draft, head).attributes
        yield "page", PAGE_BREAK_CAPTION if line.get(PAGE_BREAK) and not state.in_table else ""
        yield LINE, _in_words(line, state, editor.item_number(head))
        yield "align", _ALIGNED.get(str(line.get("align")), "")
        yield "direction", _DIRECTIONS.get(state.direction or "", "")
        table = tables.table_at(editor.draft, head) if state.in_table else None
        if table is not None:
            yield TABLE, f"Row {table.row + 1} of {len(table.rows)}, column {table.column + 1}"
        yield "embed", self._embed(min(anchor, head) if abs(anchor - head) <= 1 else head)
        yield "link", _link(state)
        yield "spelling", "Misspelt" if editor.marks.is_misspelt_at(head) else ""
        for at, source in enumerate(self.sources):
            yield f"source {at}", source()

    def _embed(self, at: int) -> str:
        """What is no letter behind a position; a decision says itself what it is."""
        span = embed_at(self._editor.draft, at)
        embed = (span.embed if span is not None else None) or {}
        if "image" in embed and span is not None:
            alt = span.attributes.get("alt")
            return f"Image: {alt}" if isinstance(alt, str) and alt else "Image without a description"
        if is_footnote(embed):
            return self._editor.footnotes.described(at)
        if "divider" in embed:
            return "Divider"
        return UNKNOWN if span is not None and "decision" not in embed else ""


def _in_note(words: FootnoteWords) -> Iterator[str]:
    """What holds at the caret in the card of a footnote."""
    yield f"In {words.accessibleName().lower()}"
    above = words.textCursor()
    above.movePosition(above.MoveOperation.Start, above.MoveMode.KeepAnchor)
    if breaks := words.toPlainText().count("\n"):
        yield f"Line {above.selectedText().count(SOFT_BREAK) + 1} of {breaks + 1}"
    state = words.state()
    yield from filter(None, (_link(state), *_looks(state)))


def _link(state: FormatState) -> str:
    link = address(state.link)
    return f"Link to {shortened(link)}" if link else ""


def _looks(state: FormatState) -> list[str]:
    """How letters look that are typed at the caret."""
    looks = [look for name, look in _LOOKS.items() if getattr(state, name)]
    looks += filter(None, [_SCRIPTS.get(state.script or "")])
    return [*(look.capitalize() for look in looks), *_letters(state), *filter(None, [state.font])]


def _letters(state: FormatState) -> list[str]:
    """How large letters at the caret are, where they are not as large as usual."""
    found = points(state.size, usual_points({"header": state.header, "code-block": state.code_block}))
    return [f"{found:g} points"] if found else []


def _in_words(line: Attributes, state: FormatState, number: str) -> str:
    """What a line is; empty for one of plain text."""
    items = {
        "bullet": "Bullet",
        "ordered": f"Item {number.removesuffix('.')}",
        "checked": "Item, done",
        "unchecked": "Item, not done",
    }
    level = heading_level(line)
    kind = f"Heading {level}" if level else items.get(list_kind(line) or "", "")
    kind = kind or ("Quote" if state.blockquote else "Code block" if state.code_block else "")
    deep = depth(line)
    if deep and list_kind(line):
        return f"{kind}, level {deep + 1}"
    return f"{kind}, indented {deep}" if deep and kind else f"Indented {deep}" if deep else kind


def _is_each(words: str) -> bool:
    """Whether it is said of each line: several of a quote or of code are one."""
    return not words.startswith(("Quote", "Code block", "Indented"))
