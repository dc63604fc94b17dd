"""Finding: words in a draft, found, stepped through and replaced.

Words are found in the text as it is suggested, and in footnotes and in what is suggested to go, where they are not
replaced. Runs on the GUI thread.
"""

from __future__ import annotations

from itertools import groupby

from PySide6.QtCore import QTimer

from cowrite.core.change import Change
from cowrite.core.footnotes import footnotes_in
from cowrite.core.origin import Origin
from cowrite.core.read_text import ReadText
from cowrite.core.richtext import DELETION, EMBED_CHARACTER, plain_text, utf16_length
from cowrite.core.search import find_all
from cowrite.core.suggested_text import as_copied
from cowrite.gui.editor import Editor
from cowrite.gui.find_bar import FindBar, FindQuery
from cowrite.gui.speaking import say

TELL_DELAY = 400  # milliseconds without another letter or step until what is found is said to whoever reads by ear
FIND_AGAIN_DELAY = 200  # milliseconds of quiet in the draft until the places are counted anew


class Finding:
    """What the find bar does with a page.

    Args:
        editor: the page.
        bar: where the person says what to find.
    """

    def __init__(self, editor: Editor, bar: FindBar) -> None:
        self._editor = editor
        self._bar = bar
        self._found: list[tuple[int, int]] = []
        self._replaceable: list[tuple[int, int]] = []  # of these
        self._current = -1
        self._replaced = 0  # places that were just replaced together
        bar.query_changed.connect(self._find)
        bar.next_requested.connect(lambda: self.step(1))
        bar.previous_requested.connect(lambda: self.step(-1))
        bar.replace_requested.connect(self._replace)
        bar.replace_all_requested.connect(self._replace_all)
        bar.closed.connect(self._close)
        self._again = QTimer(bar, singleShot=True, interval=FIND_AGAIN_DELAY)
        self._again.timeout.connect(lambda: self._find(bar.query(), stay=True))
        self._told = QTimer(bar, singleShot=True, interval=TELL_DELAY)
        self._told.timeout.connect(self._tell)
        editor.draft.observe_changes(self._find_again)

    def open(self, *, replace: bool) -> None:
        """Opens the bar, with what is selected to be found."""
        start, stop = sorted(self._editor.caret())
        chosen = plain_text(as_copied(self._editor.draft.spans(start, stop)))
        is_words = 0 < len(chosen) < 200 and "\n" not in chosen and EMBED_CHARACTER not in chosen
        self._bar.open_bar(replace=replace, text=chosen if is_words else "")

    def step(self, step: int) -> None:
        """Goes to the next place found, or with -1 to the one before."""
        if not self._bar.isVisible():
            self.open(replace=False)
            return
        self._replaced = 0
        self._find(self._bar.query(), stay=True)
        self._told.start()
        if not self._found:
            return
        start, stop = sorted(self._editor.caret())
        if (start, stop) in self._found:
            self._current = (self._found.index((start, stop)) + step) % len(self._found)
        elif step < 0:
            self._current = (self._current - 1) % len(self._found)
        self._show(go=True)

    def _find(self, query: FindQuery, *, stay: bool = False) -> None:
        if not stay:
            self._replaced = 0
            self._told.start()
        self._found, self._replaceable = [], []
        if query.text:
            self._look_for(query)
        start = min(self._editor.caret())
        here = next((i for i, found in enumerate(self._found) if found[0] >= start), 0)
        self._current = here if self._found else -1
        self._show(go=not stay and bool(self._found))

    def _look_for(self, query: FindQuery) -> None:
        def places(text: str) -> list[tuple[int, int]]:
            return find_all(text, query.text, match_case=query.match_case, whole_words=query.whole_words)

        draft = self._editor.draft
        read = ReadText(draft.spans(), DELETION)
        self._replaceable = [read.place(*each) for each in places(read.text)]
        self._found = list(self._replaceable)
        at = 0
        for goes, spans in groupby(draft.spans(), lambda span: DELETION in span.attributes):
            text = plain_text(spans)
            if goes:
                self._found += [(at + start, at + stop) for start, stop in places(text)]
            at += utf16_length(text)
        self._found += [(at, at + 1) for at, words in footnotes_in(draft.spans()) if places(plain_text(words))]
        self._found.sort()

    def _find_again(self, change: Change) -> None:
        is_put_off = change.origin is not Origin.REMOTE or not self._again.isActive()  # not by teammates who write on
        if self._bar.isVisible() and is_put_off:
            self._again.start()

    def _show(self, *, go: bool) -> None:
        replaceable = 0 if self._editor.isReadOnly() else len(self._replaceable)
        self._bar.show_count(self._current + 1, len(self._found), replaceable, self._replaced)
        self._editor.marks.show_found(self._found[:2000], self._current)
        if go and self._found:
            start, stop = self._found[self._current]
            self._editor.set_caret(stop, start)
            self._editor.footnotes.show_tip(start)

    def _replace(self, words: str) -> None:
        self._find(self._bar.query(), stay=True)  # teammates may just have written there
        place = tuple(sorted(self._editor.caret()))
        if place in self._found and not self._editor.isReadOnly():
            if place in self._replaceable:
                self._editor.replace_range(*place, words)
            else:
                self._editor.set_caret(place[1])
        self._find(self._bar.query())

    def _replace_all(self, words: str) -> None:
        self._find(self._bar.query(), stay=True)
        if self._replaceable and not self._editor.isReadOnly():
            self._replaced = len(self._replaceable)
            self._editor.replace_ranges(self._replaceable, words)
            self._told.start()
        self._find(self._bar.query(), stay=True)

    def _tell(self) -> None:
        words = self._bar.told
        if self._current >= 0 and not self._replaced:
            note = self._editor.footnotes.described(self._found[self._current][0])
            words += f": {note or self._editor.document().findBlock(self._found[self._current][0]).text()}"
        say(self._bar, words)

    def _close(self) -> None:
        self._again.stop()
        self._told.stop()
        self._found, self._replaceable, self._current = [], [], -1
        self._editor.marks.show_found([], -1)
        self._editor.setFocus()
