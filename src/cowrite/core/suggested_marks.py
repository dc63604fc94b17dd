"""SuggestedMarks: keeps the marks of suggested changes where people have set them.

Runs on the document's thread. In Yjs a mark reaches from where it is set to where it is taken away. An undo that takes
either back can lay this person's mark over text of others, or take another's mark off: that would decide a change that
nobody has decided. Text which stays keeps its marks, unless the person has set or taken away just these here; text that
an undo brings back has the mark with which it was written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from cowrite.core.ai_marks import AiMarks, Place, Runs
from cowrite.core.richtext import DELETION, INSERTION, Attributes, Format, Op, Span, Utf16, utf16_length
from cowrite.core.structs import Struct

_NAMES = (INSERTION, DELETION)


class SuggestedMarks:
    """What one copy of a document knows of them.

    Args:
        client: its client id.
    """

    def __init__(self, client: int) -> None:
        self._returned = AiMarks(client, INSERTION, has_breaks=True)
        self._settled: set[Any] = set()  # insertions that were taken for text like all other
        self._set: set[tuple[str, Any]] = set()  # by this person, on text that was there, or taken from it
        self._turned: list[Format] = []
        self._typed_beside: set[tuple[str, Any]] = set()
        self._decided: set[tuple[str, Any]] = set()  # marks that this person took away, or of which they deleted text
        self._gone: set[tuple[str, Any]] = set()  # the same of others, in one change
        self._spread: list[tuple[tuple[str, Any], Format]] = []  # text without a mark that gets one in it
        self._brings_text = False

    @property
    def are_there(self) -> bool:
        """Whether there has been an insertion in the document."""
        return self._returned.are_there

    def comes(self, attributes: Attributes) -> bool:
        """Takes note of the attributes of text that comes in; says whether it is suggested."""
        is_suggested = INSERTION in attributes
        self._returned.are_there = self._returned.are_there or is_suggested
        return is_suggested

    def sets(self, spans: Iterable[Span], name: str, id: str | None) -> None:
        """This person sets the mark of a change on text that is there, or takes it away."""
        for span in spans:
            self._set.add((name, was := _hashable(span.attributes.get(name))))
            if id is None:
                self._decided.add((name, was))
            if name == INSERTION and id is None:
                self._settled.add(was)
        self._set.add((name, id))

    def typed(self, left: Attributes, attributes: Attributes) -> None:
        """Takes note of an own insert behind text with a mark: the mark is taken away before it and set behind it."""
        marks = {(name, left[name]) for name in _NAMES if isinstance(left.get(name), str)}
        self._typed_beside |= {(name, mark) for name, mark in marks if attributes.get(name) != mark}

    def goes(self, spans: Iterable[Span]) -> None:
        """Takes note of text that others take away, before it is."""
        if self._typed_beside:
            self._gone |= _marks(spans)

    def brings(self) -> None:
        """Takes note that a change of others has brought text."""
        self._brings_text = True

    def wrote(self, structs: Iterable[Struct], ops: Iterable[Op]) -> None:
        """See `AiMarks.wrote`."""
        self._returned.wrote(structs, ops)

    def deletes(self, at: int, spans: Sequence[Span], runs: Runs) -> None:
        """See `AiMarks.deletes`."""
        self._decided |= _marks(spans)
        self._returned.deletes(at, spans, runs)

    def came_back(self, structs: Iterable[Struct]) -> None:
        """See `AiMarks.came_back`."""
        self._returned.came_back(structs)

    def turns(self, at: int, spans: Iterable[Span], changed: Mapping[str, Any]) -> None:
        """Takes note that text which stays gets other attributes, before it has them; in one change from left to
        right."""
        names = [name for name in _NAMES if name in changed]
        if not names:
            return
        for span in spans:
            units = utf16_length(span.text)
            for name in names:
                was, now = span.attributes.get(name), _hashable(changed[name])
                if was is None and now:
                    self._spread.append(((name, now), Format(Utf16(at), Utf16(units), {name: None})))
                elif now is None and self._typed_beside:
                    self._gone.add((name, _hashable(was)))
            strays = {name: span.attributes.get(name) for name in names if self._is_stray(name, span, changed)}
            if strays:
                self._turned.append(Format(Utf16(at), Utf16(units), strays))
            at += units

    def take_strays(
        self, *, is_undo: bool, place: Place, runs: Runs, spans: Callable[[int, int], Iterator[Span]]
    ) -> list[Format]:
        """What puts right the marks that a change has set or taken away, which is no own edit; see
        `AiMarks.take_strays`."""
        turned, self._turned = self._turned, []
        gone, self._gone = self._gone, set()
        spread, self._spread = self._spread, []
        brings_text, self._brings_text = self._brings_text, False
        if not is_undo:  # others decide, too
            self._settled |= {was for op in turned if (was := op.attributes.get(INSERTION)) is not None}
            wrong = (self._typed_beside & gone) | (self._decided if brings_text else set())
            return [op for mark, op in spread if mark in wrong]
        returned = self._returned.take_strays(is_undo=True, place=place, runs=runs, spans=spans)
        back = (each for each in returned if each.mark is None or each.mark not in self._settled)
        returns = (Format(Utf16(each.at), Utf16(each.units), {INSERTION: each.mark}) for each in back)
        return _joined([*turned, *returns])

    def _is_stray(self, name: str, span: Span, changed: Mapping[str, Any]) -> bool:
        was, now = _hashable(span.attributes.get(name)), _hashable(changed[name])
        return was != now and any(each is not None and (name, each) not in self._set for each in (was, now))


def _joined(formats: Iterable[Format]) -> list[Format]:
    """The same in as few as can be: between two the text would be cut, and redo of yrs does not find what was cut."""
    joined: list[Format] = []
    for each in sorted(formats, key=lambda each: each.at):
        last = joined[-1] if joined else None
        if last is not None and last.at + last.length == each.at and last.attributes == each.attributes:
            joined[-1] = Format(last.at, Utf16(last.length + each.length), last.attributes)
        else:
            joined.append(each)
    return joined


def _marks(spans: Iterable[Span]) -> set[tuple[str, Any]]:
    return {(name, mark) for span in spans for name in _NAMES if (mark := _hashable(span.attributes.get(name)))}


def _hashable(value: Any) -> Any:
    """A mark, or what stands for anything else that another program has written in its place."""
    return value if value is None or isinstance(value, str) else ""
