"""What becomes of each letter that people in a suggesting room write, strike, take out and bring back: who did that, so
that it can be told in the end what nobody did."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from cowrite.core.document.document import Document
from cowrite.core.marks.verdict import REJECTED, verdict_in
from cowrite.core.text.change import Change
from cowrite.core.text.footnotes import text_of
from cowrite.core.text.richtext import DELETION, INSERTION, SUGGESTIONS, Insert, Span
from cowrite.core.text.suggested_text import as_it_stands, as_suggested

FIRST_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
"""Those of the text with which a room begins that nothing else writes."""

DECIDING = frozenset({"accept", "reject"})


def letters_in(spans: Iterable[Span]) -> Counter[str]:
    """How often each letter that only one person writes, and only once, stands in rich text and its footnotes."""
    words = "".join(text_of(span.embed) if span.embed else span.text for span in spans)
    return Counter(letter for letter in words if letter in FIRST_LETTERS or 0x4E00 <= ord(letter) < 0xA000)


class WordsKept:
    """An account of the letters in a room."""

    def __init__(self) -> None:
        self._written = set(FIRST_LETTERS)
        self._taken: dict[str, set[str]] = defaultdict(set)  # by letter: who took it out, and has not brought it back
        self._copied: dict[str, set[str]] = defaultdict(set)  # who wrote it anew, as by moving it or by undo
        self._decided: dict[str, set[str]] = defaultdict(set)  # who accepted or rejected it, or withdrew it by undo
        self._cut: set[str] = set()  # what a suggester has cut and pasted as two suggestions, each decided by itself
        self._struck: dict[str, set[str]] = defaultdict(set)  # in which changes it was struck
        self._spared: set[str] = set()
        self._strokes: set[tuple[str, str]] = set()  # letters, and the change in which somebody has struck each

    @contextmanager
    def of(self, name: str, what: str, document: Document) -> Iterator[None]:
        """A person does something in their copy of the document."""
        before = list(document.spans())
        changes: list[Change] = []
        end = document.observe_changes(changes.append)
        yield
        end()
        after = list(document.spans())
        had, has, stood = letters_in(before), letters_in(after), letters_in(as_it_stands(before))
        stays = letters_in(as_suggested(after))
        come = letters_in(op.span for change in changes for op in change.ops if isinstance(op, Insert))
        for letter in come:
            if letter in self._written:
                self._copied[letter] |= {name} if document.suggester is None else {name, "what is struck"}
            self._written.add(letter)
        moved = _moved(after)
        turned = _marked(before) ^ _marked(after)
        suggests = document.suggester is not None
        decides = what in DECIDING or (suggests and what in ("undo", "redo"))
        for letter in come | had:
            if decides and (has[letter] != had[letter] or letter in turned):
                self._decided[letter].add(name)
            if suggests and not decides and letter in come and letter in had and letter not in moved:
                self._cut.add(letter)
            # Who deletes one of two, of which the other is suggested, does not know which of them stays; and who takes
            # back one of two that are only suggested takes nothing from the text, as long as the other is not to go.
            takes_nothing = decides and letter in stood and letter in stays
            if not has[letter] or (has[letter] < had[letter] and not takes_nothing):
                self._taken[letter].add(name)
            elif has[letter] > had[letter]:
                self._taken[letter].discard(name)
        was_struck, is_struck = _struck(before), _struck(after)
        for letter in is_struck.keys() - was_struck.keys():
            self._struck[letter] |= is_struck[letter]
        self._strokes |= {(letter, id) for letter, ids in is_struck.items() for id in ids - was_struck[letter]}
        self._spared |= (was_struck.keys() - is_struck.keys()) & has.keys()

    def struck_by_nobody(self, document: Document) -> set[str]:
        """The letters that are to go in a change in which nobody has struck them."""
        struck = _struck(span for span in document.spans() if span.embed is None)
        return {letter for letter, ids in struck.items() if any((letter, id) not in self._strokes for id in ids)}

    def wrong(self, document: Document) -> list[str]:
        """What is wrong with the letters in the end, by letter and reason. Where somebody writes a letter anew while
        others strike it or write it anew as well, Yjs keeps both; so it does where several decide on it at once, and a
        footnote can be there twice."""
        spans = list(document.spans())
        has, struck = letters_in(spans), _struck(spans)
        lost = [letter for letter in self._written - self._cut if not has[letter] and not self._taken[letter]]
        entries = document.entries(SUGGESTIONS)
        alive = {
            letter
            for letter in (self._struck.keys() & has.keys()) - self._spared - self._copied.keys() - struck.keys()
            if any(verdict_in(entries.get(id) or {}).state != REJECTED for id in self._struck[letter])
        }
        found = [f"{letter} is lost" for letter in lost] + [f"{letter} is struck no more" for letter in alive]
        for how, view in (("stands", as_it_stands), ("is suggested", as_suggested)):
            text = (span for span in view(spans) if span.embed is None)
            twice = [letter for letter, often in letters_in(text).items() if often > 1]
            found += [
                f"{letter} {how} twice"
                for letter in twice
                if len(self._copied[letter]) < 2 and len(self._decided[letter]) < 2
            ]
        return sorted(found)


def _marked(spans: Iterable[Span]) -> set[str]:
    marked = (span for span in spans if not {INSERTION, DELETION}.isdisjoint(span.attributes))
    return set(letters_in(marked))


def _moved(spans: Iterable[Span]) -> set[str]:
    """The letters that go in the same change in which they come."""
    by_change: dict[tuple[str, object], set[str]] = defaultdict(set)
    for span in spans:
        for name in (INSERTION, DELETION):
            by_change[name, span.attributes.get(name)] |= letters_in([span]).keys()
    return {
        letter
        for (name, id), letters in by_change.items()
        if name == INSERTION and id is not None
        for letter in letters & by_change.get((DELETION, id), set())
    }


def _struck(spans: Iterable[Span]) -> dict[str, set[str]]:
    """The letters that are to go, and in which changes."""
    found: dict[str, set[str]] = defaultdict(set)
    for span in spans:
        if DELETION in span.attributes:
            for letter in letters_in([span]):
                found[letter].add(str(span.attributes[DELETION]))
    return found
