"""SuggestedMarks: keeps the marks of suggested changes where people have set them.

Runs on the document's thread. In Yjs a mark reaches from where it is set to where it is taken away. An undo that takes
either back can lay this person's mark over text of others, or take another's mark off: that would decide a change that
nobody has decided. So undo and redo change only the marks that the person has set or taken away here, and mark nothing
to go in undo that was not marked before. What others wrote within a mark that is undone does not lay it over what
follows, nor does what this person wrote beside one that goes, or what others wrote within one on which this person was
deciding. Text that an undo brings back has the mark with which it was written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from cowrite.core.ai_marks import PATIENCE, AiMarks, Place, Runs
from cowrite.core.richtext import DELETION, INSERTION, Attributes, Format, Op, Span, Utf16, utf16_length
from cowrite.core.structs import Struct

_NAMES = (INSERTION, DELETION)


class _Turned(NamedTuple):
    """Text that stayed and got another mark."""

    at: int
    units: int
    name: str
    was: Any
    now: Any


class SuggestedMarks:
    """What one copy of a document knows of them.

    Args:
        client: its client id.
    """

    def __init__(self, client: int) -> None:
        self._client = client
        self._returned = AiMarks(client, INSERTION, has_breaks=True)
        self._settled: set[Any] = set()  # insertions that were taken for text like all other
        # Marks by name and id: what this person has set on text that was there, has taken from it, and has undone.
        self._set: set[tuple[str, Any]] = set()
        self._taken: set[tuple[str, Any]] = set()
        self._undone: set[tuple[str, Any]] = set()
        # The same: beside what this person has written, what they have decided on and not taken back, and of what text
        # others take away in one change.
        self._typed_beside: set[tuple[str, Any]] = set()
        self._decided: set[tuple[str, Any]] = set()
        self._gone: set[tuple[str, Any]] = set()
        self._brought: list[tuple[int, Attributes]] = []  # what a change of others brings, and where it ends
        self._put_right: Counter[tuple[str, Any]] = Counter()
        self._turned: list[_Turned] = []

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
        if id is not None:
            self._set.add((name, id))
            self._undone.discard((name, id))
            self._decided.discard((name, id))
            return
        taken = {was for span in spans if (was := _hashable(span.attributes.get(name))) is not None}
        self._taken |= {(name, was) for was in taken}
        self._decided |= {(name, was) for was in taken}
        if name == INSERTION:
            self._settled |= taken

    def typed(self, left: Attributes, attributes: Attributes) -> None:
        """Takes note of an own insert behind text with a mark: the mark is taken away before it and set behind it."""
        marks = {(name, left[name]) for name in _NAMES if isinstance(left.get(name), str)}
        self._typed_beside |= {(name, mark) for name, mark in marks if attributes.get(name) != mark}

    def goes(self, spans: Iterable[Span]) -> None:
        """Takes note of text that others take away, before it is."""
        if self._typed_beside:
            self._gone |= _marks(spans)

    def brings(self, at: int, span: Span) -> None:
        """Takes note of text that a change of others brings; in one change from left to right."""
        if self._decided:
            self._brought.append((at + utf16_length(span.text), span.attributes))

    def wrote(self, structs: Iterable[Struct], ops: Iterable[Op]) -> None:
        """See `AiMarks.wrote`."""
        self._returned.wrote(structs, ops)

    def deletes(self, at: int, spans: Sequence[Span], runs: Runs, most: int) -> int:
        """See `AiMarks.deletes`."""
        return self._returned.deletes(at, spans, runs, most)

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
                was = span.attributes.get(name)
                if was != changed[name]:
                    self._turned.append(_Turned(at, units, name, was, changed[name]))
                    if changed[name] is None and self._typed_beside:
                        self._gone.add((name, _hashable(was)))
            at += units

    def forget(self) -> None:
        """See `AiMarks.forget`."""
        self._returned.forget()
        self._turned, self._gone, self._brought = [], set(), []

    def take_strays(
        self,
        *,
        is_undo: bool,
        is_redo: bool,
        place: Place,
        runs: Runs,
        spans: Callable[[int, int], Iterator[Span]],
    ) -> list[Format]:
        """What puts right the marks that a change has set or taken away, which is no own edit; see
        `AiMarks.take_strays`.

        Args:
            is_undo: whether an own undo or redo was the change.
            is_redo: whether it was a redo.
            place, runs, spans: see there.
        """
        turned, self._turned = self._turned, []
        gone, self._gone = self._gone, set()
        brought, self._brought = self._brought, []
        if not is_undo:
            for each in turned:
                if each.was is not None:
                    self._let_decide(each.name, _hashable(each.was))
            cut = self._typed_beside & gone

            def has_spread(each: _Turned) -> bool:
                return self._has_spread(each, brought, spans) or (
                    (each.name, _hashable(each.now)) in cut and self._follows_own(each, runs, spans)
                )

            return _joined(map(_back, self._laid_over(turned, has_spread)))
        strays = [self._set_right(each, is_redo=is_redo) for each in turned if self._is_stray(each, is_redo=is_redo)]
        self._decide_again(turned)
        changes = {(each.name, _hashable(id)) for each in turned for id in (each.was, each.now) if id is not None}
        self._undone = self._undone - changes if is_redo else self._undone | (changes & self._set)
        returned = self._returned.take_strays(is_undo=True, place=place, runs=runs, spans=spans)
        back = (each for each in returned if each.mark is None or each.mark not in self._settled)
        returns = (Format(Utf16(each.at), Utf16(each.units), {INSERTION: each.mark}) for each in back)
        return _joined([*strays, *returns])

    def _let_decide(self, name: str, id: Any) -> None:
        """Others have decided on a change: they may also take that back."""
        self._undone.discard((name, id))
        if name == INSERTION:
            self._settled.add(id)

    def _decide_again(self, turned: Iterable[_Turned]) -> None:
        """This person has taken decisions back, or made them again."""
        for each in turned:
            self._decided.discard((each.name, _hashable(each.now)))
            if each.now is None and (each.name, _hashable(each.was)) in self._taken:
                self._decided.add((each.name, _hashable(each.was)))

    def _is_stray(self, turned: _Turned, *, is_redo: bool) -> bool:
        name, was, now = turned.name, _hashable(turned.was), _hashable(turned.now)
        here = self._set | self._taken
        comes = here
        if name == DELETION:  # never in text that comes and goes itself
            comes = self._set if is_redo else self._taken
        return (was is not None and (name, was) not in here) or (now is not None and (name, now) not in comes)

    def _set_right(self, stray: _Turned, *, is_redo: bool) -> Format:
        """What gives text the mark that it had; or none where a mark was to go and only another came in its place."""
        goes = is_redo and stray.was is not None and (stray.name, _hashable(stray.was)) in self._taken
        return _back(stray._replace(was=None) if goes else stray)

    def _has_spread(
        self,
        turned: _Turned,
        brought: Sequence[tuple[int, Attributes]],
        spans: Callable[[int, int], Iterator[Span]],
    ) -> bool:
        """Whether this is the mark of a decided change that comes along with what was written within that, over text
        that had none. Nobody else suggests text that is there; who goes on with the change marks more of it to go, but
        in another place than right behind new text."""
        at, name, now = turned.at, turned.name, turned.now
        if not brought or (name, _hashable(now)) not in self._decided:
            return False
        if name == INSERTION:
            return True
        end = max((stop for stop, held in brought if stop <= at and held.get(name) != now), default=None)
        return end is not None and all(name in span.attributes for span in spans(end, at))

    def _follows_own(self, turned: _Turned, runs: Runs, spans: Callable[[int, int], Iterator[Span]]) -> bool:
        """Whether a mark that was laid over text comes from where this person wrote beside it: nothing that has none is
        in between. Only who goes on with a change marks text to go elsewhere too."""
        if turned.name == INSERTION:
            return True
        stop = turned.at
        for span in reversed(list(spans(0, stop))):
            if turned.name not in span.attributes:
                writers = [id.client for _, id in runs(stop - utf16_length(span.text), span.text)]
                return writers[-1:] == [self._client]
            stop -= utf16_length(span.text)
        return False

    def _laid_over(self, turned: Iterable[_Turned], has_spread: Callable[[_Turned], bool]) -> Iterator[_Turned]:
        """What others' changes have laid marks over that cannot be meant: what has spread, and marks that were undone
        here, these not for ever."""
        for each in turned:
            mark = each.name, _hashable(each.now)
            if each.was is not None:
                continue
            if has_spread(each):
                yield each
            elif mark in self._undone:
                self._put_right[mark] += 1
                if self._put_right[mark] <= PATIENCE:
                    yield each


def _back(turned: _Turned) -> Format:
    """What gives text the mark again that it had."""
    return Format(Utf16(turned.at), Utf16(turned.units), {turned.name: turned.was})


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
