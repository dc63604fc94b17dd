"""LinkedHeadings: the headings to which links of a document lead, which follow when somebody gives these other words.

Runs on the document's thread; positions are UTF-16 units. The address of such a link is made of its heading's words
(`core.heading_links`). So who changes these changes the addresses as well, in the same step of undo: each copy does so
for what its own person does, and leaves what others do to them. Where two write in one heading at once, neither address
is that of what comes of both; the copy of which the address stands puts it right. A document without such links costs
nothing, and in one with some a key costs no walk through the text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from typing import TYPE_CHECKING, NamedTuple

from cowrite.core.anchor import Stick, moved
from cowrite.core.change import Change
from cowrite.core.heading_links import leads_within, name_in, names
from cowrite.core.headings import Heading, heading_lines
from cowrite.core.line import heading_level
from cowrite.core.origin import Origin
from cowrite.core.richtext import Delete, Insert, Op, Utf16, utf16_length

if TYPE_CHECKING:
    from cowrite.core.document import Document

FEW = 8
"""With so many steps at most it is quicker to look at the lines that they change than at all."""

MANY = 100
"""After so many steps it is quicker to look at all lines than to have places move on."""

MOST_STEPS = 200_000
"""So many places move on by one change, all together; beyond, as when a word is replaced everywhere, none follows."""


class _Known(NamedTuple):
    """A line that is a heading.

    Attributes:
        at: where its break stands.
        words: its words.
        name: by which links lead to it; where it has no words just now, the last one that it had.
        is_own: whether this copy has written the address that these links have.
    """

    at: int
    words: str
    name: str = ""
    is_own: bool = False


class _Link(NamedTuple):
    """A link that leads within the text: where it begins, its units, its address."""

    at: int
    units: int
    address: str


class _Step(NamedTuple):
    """So many units come in at a place, or go from there on."""

    at: int
    come: int
    go: int


class LinkedHeadings:
    """The headings of one document.

    Args:
        document: it.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._has_links = False  # there are some, or have been
        self._known: list[_Known] | None = None  # as they are now; None while nobody knows
        self._links: list[_Link] | None = None  # likewise
        self._steps: list[_Step] = []  # of letters that have come in between headings since
        self._is_following = False

    def before_edit(self) -> None:
        """The person here is about to change the body."""
        if self._has_links and self._known is None and not self._is_following:
            self._known, self._links, self._steps = _named(self._all()), None, []

    def after(self, change: Change) -> None:
        """A change was made, and everybody has been told: links follow if it was this person's."""
        ops = change.ops
        brought = {str(link)[1:] for op in ops if leads_within(link := _attribute(op, "link"))}
        self._has_links = self._has_links or bool(brought)
        if self._is_following or self._known is None:
            return
        touched = None if len(ops) > FEW or any(map(_makes_lines, ops)) else set(map(self._heading_at, _ends(ops)))
        if touched == {None} and not brought and len(ops) == 1 and isinstance(ops[0], Insert):
            self._note(_step_of(ops[0]))
            return
        steps, self._steps = [*self._steps, *map(_step_of, ops)], []
        links = None if self._links is None or any(_sets(op, "link") for op in ops) else self._links
        self._links = None if links is None else _still_there(links, steps)
        is_own, known = change.origin.is_own, list[_Known]()
        if len(self._known) * len(steps) <= MOST_STEPS:
            places = ((each, _moved(each.at, steps)) for each in self._known)
            known = [each._replace(at=at) for each, at in places if at is not None]
        if len(known) != len(self._known):
            touched = None
        if touched == {None}:
            self._known = known
        elif is_own or any(each.is_own for each in known):
            found = self._all() if touched is None else self._seen_anew(known, touched)
            self._follow(known, found, Origin.LOCAL if is_own else Origin.MENDING)
        else:
            self._known = None
        if brought and self._known and not is_own:  # others have written these
            self._known = [each._replace(is_own=each.is_own and each.name not in brought) for each in self._known]

    def _note(self, step: _Step) -> None:
        """Has places move on later: a letter behind the one before is one step with it."""
        if self._steps and self._steps[-1].at + self._steps[-1].come == step.at:
            step = _Step(self._steps[-1].at, self._steps.pop().come + step.come, 0)
        self._steps.append(step)
        if len(self._steps) > MANY:
            self._known = None

    def _follow(self, known: Sequence[_Known], found: Sequence[_Known], origin: Origin) -> None:
        """Changes the addresses that led to headings where these are called otherwise now: all of them, or where that
        is to mend what others have changed, those which this copy has written.

        Args:
            known: the headings as they were known, where they are still there.
            found: all as they are.
            origin: of the change.
        """
        former = {each.at: each for each in known}
        named = _named(found)
        given = {each.name for each in named}
        self._known = now = [_gone_on(each, former.get(each.at), given) for each in named]
        turned = {
            old.name: each.name
            for each in now
            if (old := former.get(each.at)) and old.name != each.name and (old.is_own or origin is Origin.LOCAL)
        }
        may_mend = self._document.mends and self._document.suggester is None
        if not turned or not (origin is Origin.LOCAL or may_mend):
            return
        links = self._led_to(turned, {each.name for each in known})
        if not links:
            return
        all_links, self._links, self._is_following = self._links or [], None, True
        try:
            if origin is Origin.LOCAL:
                self._document.go_on_with_undo_step()
            with self._document.edit(origin) as edit:
                for at, link in links.items():
                    edit.format(at, link.units, {"link": link.address})
        finally:
            self._is_following = False
        if self._document.suggester is None:
            self._links = [links.get(each.at, each) for each in all_links]
            written = {link.address[1:] for link in links.values()}
            self._known = [each._replace(is_own=each.is_own or each.name in written) for each in now]

    def _led_to(self, turned: Mapping[str, str], called: Set[str]) -> dict[int, _Link]:
        """The links to headings that are called otherwise now, with their new addresses, by their places.

        Args:
            turned: the new names by those that they had.
            called: what all headings were called.
        """
        if self._links is None:
            self._links = list(self._all_links())
        named = ((link, turned.get(name_in(link.address, called))) for link in self._links)
        return {link.at: link._replace(address=f"#{name}") for link, name in named if name}

    def _all_links(self) -> Iterator[_Link]:
        at = 0
        for span in self._document.spans():
            units, link = utf16_length(span.text), span.attributes.get("link")
            if leads_within(link):
                yield _Link(at, units, str(link))
            at += units

    def _all(self) -> list[_Known]:
        return [_Known(at, heading.text) for at, heading in heading_lines(self._document.spans())]

    def _seen_anew(self, known: Sequence[_Known], touched: Set[int | None]) -> list[_Known]:
        """Headings, some of which, by their breaks, have got other words."""
        return [each._replace(words=self._words_before(each.at)) if each.at in touched else each for each in known]

    def _words_before(self, at: int) -> str:
        """The words of the heading with a break."""
        spans = self._document.spans(self._document.rope.rfind("\n", at) + 1, at + 1)
        return next((heading.text for _, heading in heading_lines(spans)), "")

    def _heading_at(self, at: int) -> int | None:
        """Where the break of a line stands that is a heading; None for another line."""
        rope = self._document.rope
        at = rope.find("\n", min(at, rope.units))
        return at if at >= 0 and heading_level(rope.attributes_at(at)) else None


def _named(headings: Sequence[_Known]) -> list[_Known]:
    """Headings with the names that they have; without words they have none."""
    given = iter(names(Heading(Utf16(each.at), 1, each.words) for each in headings if each.words))
    return [each._replace(name=next(given) if each.words else "") for each in headings]


def _gone_on(now: _Known, former: _Known | None, given: Set[str]) -> _Known:
    """A heading as it is to be known from now on: while it has no words, by the name that it had, unless another one
    has that name now.

    Args:
        now: as it is.
        former: as it was known; None for another line.
        given: the names of all headings.
    """
    if former is None:
        return now
    name = now.name or ("" if former.name in given else former.name)
    return now._replace(name=name, is_own=former.is_own)


def _still_there(links: Sequence[_Link], steps: Sequence[_Step]) -> list[_Link] | None:
    """Links after some steps; None where one of them has other letters."""
    if len(links) * len(steps) > MOST_STEPS:
        return None
    result = []
    for at, units, address in links:
        first, last = _moved(at, steps), _moved(at + units - 1, steps)
        if first is None or last is None or last - first != units - 1:
            return None
        result.append(_Link(first, units, address))
    return result


def _makes_lines(op: Op) -> bool:
    """Whether a step brings a line, or may make a heading of one, or of a heading another line."""
    return _sets(op, "header") or (isinstance(op, Insert) and "\n" in op.span.text)


def _sets(op: Op, name: str) -> bool:
    return not isinstance(op, Delete) and name in (op.span.attributes if isinstance(op, Insert) else op.attributes)


def _attribute(op: Op, name: str) -> object:
    """The attribute of what a step brings."""
    if isinstance(op, Delete):
        return None
    return (op.span.attributes if isinstance(op, Insert) else op.attributes).get(name)


def _ends(ops: tuple[Op, ...]) -> Iterator[int]:
    """Where the places of steps are when all of them are made."""
    return (moved(op.at, ops[number:], Stick.LEFT) for number, op in enumerate(ops, 1))


def _step_of(op: Op) -> _Step:
    if isinstance(op, Insert):
        return _Step(op.at, utf16_length(op.span.text), 0)
    return _Step(op.at, 0, op.length if isinstance(op, Delete) else 0)


def _moved(at: int, steps: Sequence[_Step]) -> int | None:
    """Where a character is after some steps; None where it is gone."""
    for place, come, go in steps:
        if place <= at < place + go:
            return None
        if place <= at:
            at += come - go
    return at
