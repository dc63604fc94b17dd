"""LinkedHeadings: the headings to which links of a document lead, which follow when somebody gives these other words.

Runs on the document's thread; positions are UTF-16 units. The address of such a link is made of its heading's words
(`core.writing.heading_links`). So who changes these changes the addresses as well, in the same step of undo: each copy
does so for what its own person does, and leaves what others do to them. Words that are only suggested rename nothing
before somebody accepts them. Where two write in one heading at once, neither address is that of what comes of both; the
copy of which the address stands puts it right. A document without such links costs nothing; in one with some only what
changes a heading, or lines, costs a walk through the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import NamedTuple

from cowrite.core.crdt.anchor import Stick, moved
from cowrite.core.document.document import Document
from cowrite.core.document.mending import Mender
from cowrite.core.text.change import Change
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import INSERTION, Delete, Format, Insert, Op, Span, utf16_length
from cowrite.core.writing.heading_links import leads_within, name_in, names
from cowrite.core.writing.headings import heading_lines
from cowrite.core.writing.line import heading_level

FEW = 8
"""With so many steps at most it is quicker to look at the lines that they change than at all."""

MOST_STEPS = 4_000_000
"""So many places move on by one change, all together; beyond, which would take longer than 0.2 s, none follows."""


class _Known(NamedTuple):
    """A line that is a heading.

    Attributes:
        name: by which links lead to it; where it has no words just now, the last one that it had.
        is_own: whether this copy has written the address that these links have.
    """

    name: str
    is_own: bool = False


class LinkedHeadings(Mender):
    """The headings of one document.

    Args:
        document: it.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._has_links = False  # there are some, or have been
        self._known: list[_Known] | None = None  # as they are now; None while nobody knows
        self._places: list[int] = []  # of their breaks
        self._is_following = False

    def before_edit(self) -> None:
        """The person here is about to change the body."""
        if self._has_links and self._known is None and not self._is_following:
            self._places, given = _named(self._document.spans())
            self._known = [_Known(name) for name in given]

    def after(self, change: Change) -> tuple[Op, ...]:
        """A change was made, and everybody has been told: links follow if it was this person's, by the steps that this
        gives."""
        ops, is_own = change.ops, change.origin.is_own
        links = (_brought(op).get("link") for op in ops if change.may_bring("link"))
        brought = {str(link)[1:] for link in links if leads_within(link)}
        self._has_links = self._has_links or bool(brought)
        if self._is_following or self._known is None:
            return ()
        if len(self._known) * len(ops) > MOST_STEPS:
            self._known = None
            return ()
        steps: tuple[Op, ...] = ()
        self._places = _moved(self._places, ops)
        if (
            -1 in self._places
            or len(ops) > FEW
            or any(map(_makes_lines, ops))
            or any(map(self._is_heading, _ends(ops)))
        ):
            if is_own or any(each.is_own for each in self._known):
                steps = self._follow(self._known, change)
            else:
                self._known = None
        if brought and self._known and not is_own:  # others have written these
            self._known = [each._replace(is_own=each.is_own and each.name not in brought) for each in self._known]
        return steps

    def _follow(self, known: Sequence[_Known], change: Change) -> tuple[Op, ...]:
        """Changes the addresses that led to headings where these are called otherwise now: all of them, or where that
        is to mend what others have changed, those which this copy has written. Gives the steps.

        Args:
            known: the headings as they were.
            change: what has changed them.
        """
        origin = Origin.LOCAL if change.origin.is_own else Origin.MENDING
        spans = list(self._document.spans())
        former = dict(zip(self._places, known, strict=True))
        self._places, given = _named(spans)
        old = [former.get(at, _Known("")) for at in self._places]
        now = [each._replace(name=_gone_on(name, each.name, given)) for each, name in zip(old, given, strict=True)]
        self._known = now
        turned = {
            was.name: each.name
            for was, each in zip(old, now, strict=True)
            if was.name not in ("", each.name) and (was.is_own or origin is Origin.LOCAL)
        }
        may_mend = self._document.mends and self._document.suggester is None
        if not turned or not (origin is Origin.LOCAL or may_mend):
            return ()
        # An undo, say, has the links that it brings lead to headings as they are called now.
        new = set[int]() if change.origin is Origin.REMOTE else _brought_links(change.ops)
        links = [each for each in _led_to(spans, turned, {each.name for each in known}) if each[0] not in new]
        written = {name for _, _, name in links}
        self._known = [each._replace(is_own=each.is_own or each.name in written) for each in now]
        return self._put(links, origin)

    def _put(self, links: Sequence[tuple[int, int, str]], origin: Origin) -> tuple[Op, ...]:
        """Gives links other addresses: where each stands, its units, and the name of the heading to which it leads."""
        if not links:
            return ()
        self._is_following = True
        try:
            if origin is Origin.LOCAL:
                self._document.steps.go_on()
            with self._document.edit(origin, directly=True) as edit:
                for at, units, name in links:
                    edit.format(at, units, {"link": f"#{name}"})
        finally:
            self._is_following = False
        return tuple(edit.ops)

    def _is_heading(self, at: int) -> bool:
        """Whether the line at a position is a heading."""
        rope = self._document.rope
        at = rope.find("\n", min(at, rope.units))
        return at >= 0 and bool(heading_level(rope.attributes_at(at)))


def _named(spans: Iterable[Span]) -> tuple[list[int], list[str]]:
    """Where the breaks of headings stand, and by which names links lead to these; without words they have none."""
    found = list(heading_lines(spans, stands=True))
    given = iter(names(heading for _, heading in found if heading.text))
    return [at for at, _ in found], [next(given) if heading.text else "" for _, heading in found]


def _gone_on(name: str, former: str, given: Sequence[str]) -> str:
    """By which name a heading is to be known from now on: while it has no words, by the one that it had, unless another
    one has that name now.

    Args:
        name: that it has.
        former: that it had; empty for none.
        given: those of all headings.
    """
    return name or ("" if former in given else former)


def _led_to(spans: Iterable[Span], turned: Mapping[str, str], called: Set[str]) -> Iterator[tuple[int, int, str]]:
    """The links to headings that are called otherwise now: where each begins, its units, and the new name.

    Args:
        spans: of the text.
        turned: the new names by those that they had.
        called: what all headings were called.
    """
    at = 0
    for span in spans:
        units, link = utf16_length(span.text), span.attributes.get("link")
        if leads_within(link) and (name := turned.get(name_in(str(link), called))):
            yield at, units, name
        at += units


def _brought_links(ops: Sequence[Op]) -> set[int]:
    """Where stand the units of links that steps have brought."""
    places: list[int] = []
    for op in ops:
        places = _moved(places, [op])
        if leads_within(_brought(op).get("link")):
            places += range(op.at, op.at + (utf16_length(op.span.text) if isinstance(op, Insert) else op.length))
    return set(places)


def _makes_lines(op: Op) -> bool:
    """Whether a step brings a line, or may make a heading of one, or of a heading another line."""
    if isinstance(op, Insert):
        return "\n" in op.span.text
    return isinstance(op, Format) and ("header" in op.attributes or INSERTION in op.attributes)


def _brought(op: Op) -> Mapping[str, object]:
    """The attributes of what a step brings."""
    if isinstance(op, Delete):
        return {}
    return op.span.attributes if isinstance(op, Insert) else op.attributes


def _ends(ops: tuple[Op, ...]) -> Iterator[int]:
    """Where the places of steps are when all of them are made."""
    return (moved(op.at, ops[number:], Stick.LEFT) for number, op in enumerate(ops, 1))


def _moved(places: list[int], ops: Sequence[Op]) -> list[int]:
    """Where characters are after some steps; -1 where they are gone."""
    for op in ops:
        at = op.at
        if isinstance(op, Insert):
            come = utf16_length(op.span.text)
            places = [place + come if place >= at else place for place in places]
        elif isinstance(op, Delete):
            gone, stop = op.length, op.at + op.length
            places = [place if place < at else place - gone if place >= stop else -1 for place in places]
    return places
