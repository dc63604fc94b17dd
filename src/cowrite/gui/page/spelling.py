"""PageSpelling: marks the misspelt words of a page that are in sight, and offers others for one.

Runs on the GUI thread, and only where nobody has typed for a moment: a key never waits for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QTextBlock
from PySide6.QtWidgets import QMenu

from cowrite.bridge.single_shot import single_shot
from cowrite.core.crdt.anchor import Anchor
from cowrite.core.text.change import Change
from cowrite.core.text.origin import Origin
from cowrite.core.text.read_text import ReadText
from cowrite.core.text.richtext import DELETION, EMBED_CHARACTER, Span, plain_text, utf16_length
from cowrite.core.text.suggested_text import as_suggested
from cowrite.gui.page.editor import Editor
from cowrite.gui.widgets.wait_cursor import wait_cursor

LONG = 100_000  # UTF-16 units through which it takes a moment to look
PAUSE = 350  # milliseconds without a change or a movement until the words in sight are looked at
_NO_PROSE = ("code", "link", "code-block")
_PARTS = re.compile(r"\w+")
_POSSESSIVE = "s"  # what stands behind the apostrophe of somebody's


class Words(Protocol):
    """Whoever knows words."""

    def misspelt(self, line: str, language: str) -> Sequence[tuple[int, int]]:
        """Ranges (code points) of a line's words that a language, by its code, does not have."""

    def proposals(self, word: str, language: str) -> Sequence[str]:
        """Other words of a language for one, the best first."""

    def learn(self, word: str) -> None:
        """Takes a word for right from now on."""


class PageSpelling(QObject):
    """The spelling of one page.

    Args:
        editor: the page.
        words: knows words; `look_soon` is to be called when it knows others.
        tell: gives the code of the language in which the page is written, and its name for people; both are empty
            where it has no words of it. It is asked whenever words are looked at.
        names: gives the names of the people who write here, which are no misspelt words; asked likewise.
        tell_line: gives the same as `tell` of a line that is plainly in a language, and None of others.
    """

    choice_wanted = Signal()
    """The person wants to choose a language."""

    def __init__(
        self,
        editor: Editor,
        words: Words,
        tell: Callable[[], tuple[str, str]],
        names: Callable[[], Iterable[str]] = tuple,
        tell_line: Callable[[str], tuple[str, str] | None] = lambda _line: None,
    ) -> None:
        super().__init__(editor)
        self._tell = tell
        self._tell_line = tell_line
        self._names = names
        self._editor = editor
        self._marks = editor.marks
        self._words = words
        self._pause = single_shot(self, self._look, PAUSE)
        self._end = editor.draft.observe_changes(self._note)
        editor.caret_moved.connect(self.look_soon)
        editor.verticalScrollBar().valueChanged.connect(self.look_soon)
        editor.verticalScrollBar().rangeChanged.connect(self.look_soon)
        self.look_soon()

    def look_soon(self) -> None:
        """Looks once there is a pause."""
        self._pause.start()

    def close(self) -> None:
        """Marks nothing any more."""
        self._end()
        self._pause.stop()
        self._marks.show_misspelt(())
        self.deleteLater()

    def offer(self, menu: QMenu) -> None:
        """Adds what a misspelt word at the caret could be, and that it is right as it is."""
        caret = self._editor.caret()[1]
        block = self._editor.document().findBlock(caret)
        language, name = self._tell()
        there = self._misspelt(block, language)
        place = next((place for place in there if place[0] <= caret <= place[1]), None)
        if place is None or self._editor.isReadOnly():
            return
        language, name = self._tell_line(self._prose_of(block).text) or (language, name)
        word = self._word(place)
        proposals = self._words.proposals(word, language)
        (ends,) = self._editor.draft.anchors.ends_of([place])  # a teammate may write before it while the menu is open
        for proposal in proposals:
            menu.addAction(proposal).triggered.connect(
                lambda _on=False, proposal=proposal: self._replace(ends, word, proposal)
            )
        if not proposals:
            menu.addAction("No similar word is known").setEnabled(False)
        menu.addAction(f"“{word}” is ri&ght").triggered.connect(lambda: self._words.learn(word))
        menu.addAction(f"&Spelling: {name}…").triggered.connect(self.choice_wanted)
        menu.addSeparator()

    def go_to_next(self) -> bool | None:
        """Selects the first misspelt word behind the caret, or else the first of all, so that its menu or what is typed
        puts it right.

        Returns:
            Whether there is one; None where no words of the page's language are known.
        """
        language, _name = self._tell()
        if not language:
            return None
        editor, text = self._editor, self._editor.document()
        editor.reach(editor.draft.length)
        at = max(editor.caret())
        with wait_cursor(on=text.characterCount() > LONG):
            here = text.findBlock(at)
            behind = (place for place in self._from(here, language) if place[0] >= at)
            place = next(behind, None) or next(self._from(text.begin(), language), None)
        if place is not None:
            editor.set_caret(place[1], place[0])
            editor.setFocus()
        return place is not None

    def _from(self, block: QTextBlock, language: str) -> Iterator[tuple[int, int]]:
        """The misspelt words of a line and of all below it, in UTF-16 units."""
        while block.isValid():
            yield from self._misspelt(block, language)
            block = block.next()

    def _note(self, change: Change) -> None:
        if change.origin is not Origin.REMOTE or not self._pause.isActive():  # teammates who write on put it not off
            self.look_soon()

    def _replace(self, ends: tuple[Anchor, Anchor], word: str, proposal: str) -> None:
        start, stop = map(self._editor.draft.resolve, ends)
        if start is not None and stop is not None and self._word((start, stop)) == word:
            self._editor.edits.replace_range(start, stop, proposal)

    def _word(self, place: tuple[int, int]) -> str:
        return plain_text(as_suggested(self._editor.draft.spans(*place)))

    def _look(self) -> None:
        if not self._editor.isVisible():
            return
        caret = self._editor.caret()[1] if self._editor.hasFocus() else -1
        first, last = self._editor.in_sight()
        language, _name = self._tell()
        found = [
            place
            for block in ([] if self._editor.isReadOnly() else self._blocks(first, last))
            for place in self._misspelt(block, language)
            if place[1] >= first and place[0] <= last and place[1] != caret  # it is being written
        ]
        self._marks.show_misspelt(found)

    def _prose_of(self, block: QTextBlock) -> ReadText:
        start = block.position()
        spans = self._editor.draft.spans(start, start + block.length() - 1)
        return ReadText((Span(_prose(span), span.attributes) for span in spans), DELETION, start)

    def _misspelt(self, block: QTextBlock, language: str) -> Iterator[tuple[int, int]]:
        """Ranges in UTF-16 units. A line that is plainly in another language is looked at in that, and not at all where
        no words of it are here."""
        if not language:
            return
        rope = self._editor.draft.rope
        if "code-block" in rope.attributes_at(min(block.position() + block.length() - 1, rope.units)):
            return
        read = self._prose_of(block)
        text = read.text
        language, _name = self._tell_line(text) or (language, "")
        if not language:
            return
        named = {part for name in self._names() for part in _PARTS.findall(name)} | {_POSSESSIVE}
        at = before = 0
        for first, last in self._words.misspelt(text, language):
            if named.issuperset(_PARTS.findall(text[first:last])):
                continue
            at += utf16_length(text[before:first])
            before = first
            yield read.place(at, at + utf16_length(text[first:last]))

    def _blocks(self, first: int, last: int) -> Iterator[QTextBlock]:
        block = self._editor.document().findBlock(first)
        while block.isValid() and block.position() <= last:
            yield block
            block = block.next()


def _prose(span: Span) -> str:
    """The text of a span, with signs that no word has in the place of what is no prose; as long as before."""
    if span.embed is not None or any(name in span.attributes for name in _NO_PROSE):
        return "/" * utf16_length(span.text)
    return span.text.replace(EMBED_CHARACTER, "/")
