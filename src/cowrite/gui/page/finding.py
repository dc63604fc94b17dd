"""Finding: words in a draft, found, stepped through and replaced.

Words, or what a pattern says, are found in the text as it is suggested, and in footnotes and in what is suggested to
go, where they are not replaced. Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import chain, groupby

from cowrite.bridge.pattern import Pattern, PatternError, as_pattern
from cowrite.bridge.single_shot import single_shot
from cowrite.core.text.change import Change
from cowrite.core.text.footnotes import footnotes_in
from cowrite.core.text.origin import Origin
from cowrite.core.text.read_text import ReadText
from cowrite.core.text.richtext import DELETION, EMBED_CHARACTER, plain_text, utf16_length
from cowrite.core.text.search import find_all
from cowrite.core.text.suggested_text import as_copied
from cowrite.core.writing.replacing import Found, Range, Replacement, read_words, replacements
from cowrite.gui.keyboard.speaking import say
from cowrite.gui.page.editor import Editor
from cowrite.gui.page.find_bar import FindBar, FindQuery

TELL_DELAY = 400  # milliseconds without another letter or step until what is found is said to whoever reads by ear
FIND_AGAIN_DELAY = 200  # milliseconds of quiet in the draft until the places are counted anew
MOST_SHOWN = 1000  # places that are marked on the page at once: half of them before and half behind, more than it shows


class Finding:
    """What the find bar does with a page.

    Args:
        editor: the page.
        bar: where the person says what to find.
    """

    def __init__(self, editor: Editor, bar: FindBar) -> None:
        self._editor = editor
        self._bar = bar
        self._found: list[Range] = []
        self._replaceable: list[Range] = []  # of these
        self._current = -1
        self._replaced: int | None = None  # places that were just replaced together
        self._groups: dict[Range, tuple[Range | None, ...]] = {}  # of what a pattern has found, by place
        self._problem = ""  # why a pattern finds nothing
        self._looked_for: FindQuery | None = None  # in the draft as it is
        bar.query_changed.connect(self._find)
        bar.next_requested.connect(lambda: self.step(1))
        bar.previous_requested.connect(lambda: self.step(-1))
        bar.replace_requested.connect(self._replace)
        bar.replace_all_requested.connect(self._replace_all)
        bar.closed.connect(self._close)
        self._again = single_shot(bar, lambda: self._find(bar.query(), stay=True), FIND_AGAIN_DELAY)
        self._told = single_shot(bar, self._tell, TELL_DELAY)
        editor.draft.observe_changes(self._find_again)

    def open(self, *, replace: bool) -> None:
        """Opens the bar, with what is selected to be found."""
        start, stop = self._editor.selection()
        chosen = plain_text(as_copied(self._editor.draft.spans(start, stop)))
        is_words = 0 < len(chosen) < 200 and len(chosen.splitlines()) == 1 and EMBED_CHARACTER not in chosen
        looked_for = as_pattern(chosen) if self._bar.query().is_pattern else chosen
        self._bar.open_bar(replace=replace, text=looked_for if is_words else "")

    def step(self, step: int) -> None:
        """Goes to the next place found, or with -1 to the one before."""
        if not self._bar.isVisible():
            self.open(replace=False)
            return
        self._replaced = None
        self._look(self._bar.query())
        self._told.start()
        if self._found:
            start, stop = self._editor.selection()
            if (start, stop) in self._found:
                self._current = (self._found.index((start, stop)) + step) % len(self._found)
            elif step < 0:
                self._current = (self._current - 1) % len(self._found)
        self._show(go=bool(self._found))

    def _find(self, query: FindQuery, *, stay: bool = False, passed: Range | None = None) -> None:
        if not stay:
            self._replaced = None
            self._told.start()
        self._look(query, passed=passed)
        self._show(go=not stay and bool(self._found))

    def _look(self, query: FindQuery, *, passed: Range | None = None) -> None:
        self._editor.draft.settle()
        if query != self._looked_for:
            self._forget()
            if query.text:
                try:
                    self._look_for(query)
                    self._looked_for = query
                except PatternError as error:
                    self._forget()
                    self._problem = str(error)
        start = min(self._editor.caret())
        here = next((i for i, found in enumerate(self._found) if found[0] >= start and found != passed), 0)
        self._current = here if self._found else -1

    def _look_for(self, query: FindQuery) -> None:
        spans = list(self._editor.draft.spans())
        read = ReadText(spans, DELETION)
        places = partial(find_all, words=query.text, match_case=query.match_case, whole_words=query.whole_words)
        if query.is_pattern:
            pattern = Pattern(query.text, match_case=query.match_case, whole_words=query.whole_words)
            places = partial(_letters_found, pattern)
            self._groups = {
                read.place(*place): tuple(group and read.place(*group) for group in groups)
                for place, groups in pattern.find_all(read.text)
            }
            self._replaceable = list(self._groups)
        else:
            self._replaceable = read.places(places(read.text))
        self._found = list(self._replaceable)
        at = 0
        for goes, group in groupby(spans, lambda span: DELETION in span.attributes):
            text = plain_text(group)
            if goes:
                self._found += [(at + start, at + stop) for start, stop in places(text)]
            at += utf16_length(text)
        self._found += [(at, at + 1) for at, words in footnotes_in(spans) if places(plain_text(words))]
        self._found.sort()

    def _forget(self) -> None:
        self._found, self._replaceable, self._groups, self._problem = [], [], {}, ""
        self._looked_for = None

    def _find_again(self, change: Change) -> None:
        self._looked_for = None
        if change.origin is Origin.UNDO:
            self._replaced = None  # they may be back
        is_put_off = change.origin is not Origin.REMOTE or not self._again.isActive()  # not by teammates who write on
        if self._bar.isVisible() and is_put_off and not self._problem:  # which another text does not mend
            self._again.start()

    def _show(self, *, go: bool) -> None:
        replaceable = 0 if self._editor.isReadOnly() else len(self._replaceable)
        self._bar.show_count(self._current + 1, len(self._found), replaceable, self._replaced)
        if self._problem and self._replaced is None:
            self._bar.show_problem(self._problem)
        first = max(0, self._current - MOST_SHOWN // 2)
        shown = self._found[first : first + MOST_SHOWN]
        self._editor.marks.show_found(shown, self._current - first if shown else -1)
        if go and self._found:
            start, stop = self._found[self._current]
            self._editor.set_caret(stop, start)
            self._editor.footnotes.show_tip(start)

    def _replace(self, words: str) -> None:
        self._find(self._bar.query(), stay=True)  # teammates may just have written there
        place: Range = self._editor.selection()
        passed = None
        if place in self._found and not self._editor.isReadOnly():
            if place in self._replaceable:
                self._editor.set_caret(self._editor.edits.replace(*self._replacements([place], words)))
            else:
                self._editor.set_caret(place[1])
            passed = self._editor.caret()
        self._find(self._bar.query(), passed=passed)

    def _replace_all(self, words: str) -> None:
        self._find(self._bar.query(), stay=True)
        if self._replaceable and not self._editor.isReadOnly():
            what = zip(self._replaceable, self._replacements(self._replaceable, words), strict=True)
            # Where nothing comes between two letters, nothing is done.
            done = [each for (start, stop), each in what if start < stop or any(part.spans for part in each)]
            if done:
                self._editor.edits.replace(list(chain.from_iterable(done)))
            self._replaced = len(done)
            self._editor.set_caret(self._editor.caret()[1])  # what a pattern keeps is still selected
            self._told.start()
        self._find(self._bar.query(), stay=True)

    def _replacements(self, places: Sequence[Range], words: str) -> list[list[Replacement]]:
        """What is to be done for each of some places to be replaced."""
        draft, groups = self._editor.draft, self._groups
        parts: list[str | int] = [words] if words else []
        if groups:
            parts = read_words(words, len(groups[places[0]]))
        return [list(replacements(draft, Found(place, groups.get(place, ())), parts)) for place in places]

    def _tell(self) -> None:
        words = self._bar.told
        if self._current >= 0 and self._replaced is None:
            note = self._editor.footnotes.described(self._found[self._current][0])
            words += f": {note or self._editor.document().findBlock(self._found[self._current][0]).text()}"
        say(self._bar, words)

    def _close(self) -> None:
        self._again.stop()
        self._told.stop()
        self._forget()
        self._current = -1
        self._editor.marks.show_found([], -1)
        self._editor.setFocus()


def _letters_found(pattern: Pattern, text: str) -> list[Range]:
    """Where a pattern finds letters: in a piece of text, ends of lines are none."""
    return [place for place, _ in pattern.find_all(text) if place[0] < place[1]]
