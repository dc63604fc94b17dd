"""Permissions: what updates of those who may not edit are let through.

An update is judged by what it does to a fork of the room's document, never by how it is written. Whoever may edit is
not judged at all.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import partial
from math import inf
from time import thread_time

from cowrite_server.document import said_entries, suggested_entries
from cowrite_server.document.deleted_text import plain_units
from cowrite_server.document.entry_values import exact
from cowrite_server.document.fork import Effect, Fork
from cowrite_server.document.placing import Placing
from cowrite_server.document.presence import Presence
from cowrite_server.document.replica import Replica
from cowrite_server.document.structs import TooManyStructs
from cowrite_server.document.updates import EMPTY_UPDATE
from cowrite_server.document.view import BODY, Span, View
from cowrite_server.document.walk import TooFar, Walk, length_of
from cowrite_server.errors import BrokenUpdate, ServerError
from cowrite_server.wire.protocol import Reason, Role

ROOTS = {Role.SUGGESTER: frozenset({"comments"}), Role.COMMENTER: frozenset({"comments"})}
"""The roots in which a role may change everything; roles that may edit stand above this."""

_PENS_AT_MOST = 10_000
"""Client ids of which it is remembered whose they are."""

_MOST_PUT_BACK = 16 * 1024
"""Units that are written again at most for one update, which can delete much with a few bytes."""

_MOST_READ = 20_000
"""Structs of a document at most that is read to find by which ids text goes that is written again, which takes half a
second."""

_Foreign = Callable[[int], bool]
"""Whether a client id is known to be somebody else's than the sender's."""

_BroughtBack = Callable[[], dict[int, set[str]]]
"""Gives the sender's changes that the history has brought back, by the clients by which it has."""


class Forbidden(ServerError):
    """An update does what its sender's role may not, or nobody can tell whether it does."""

    def __init__(self, reason: Reason, limit: str | None = None) -> None:
        super().__init__(f"An update is refused ({reason}).")
        self.reason = reason
        self.limit = limit
        """Name of the limit that was passed, if it was one; see `Refused`."""


class Gate:
    """Lets through to one room what each role may change."""

    __slots__ = ("_fork", "_pens", "_placing", "_presence", "_seconds", "did_more")

    def __init__(self, presence: Presence) -> None:
        """A gate without a fork.

        Args:
            presence: who is in the room now.
        """
        self._presence = presence
        self._pens: OrderedDict[int, object] = OrderedDict()
        self._fork: Fork | None = None
        self._placing = Placing()
        self._seconds = 0.0
        self.did_more = False
        """Whether what was let through last does more than its sender sent, so that they need it too."""

    @property
    def seconds(self) -> float:
        """How long it may take to judge an update; infinite where a fork has to be made first."""
        return inf if self._fork is None else self._seconds

    @property
    def is_too_long(self) -> bool:
        """Whether the document has too many parts for anybody to suggest in it, as was seen when somebody did."""
        return self._placing.is_too_long

    def forget(self) -> None:
        """Gives up the fork: nobody needs it any more, or the room's document has become another one."""
        self._fork = None
        self._placing.forget()

    def saw(self, client: int, person: object) -> None:
        """Somebody has shown themselves under this client id; it stays theirs when they are gone."""
        if person is not None and client not in self._pens:
            self._own(client, person)

    def follow(self, update: bytes) -> None:
        """The room has taken an update of somebody who may edit."""
        self._placing.follow(update)
        if self._fork is not None:
            fork, self._fork = self._fork, None
            try:
                fork.follow(update)
            except BrokenUpdate:
                return  # made anew from the replica, which could take it
            self._fork = fork

    def find(self, update: bytes, is_well: bool | None) -> None:
        """Somebody has found out of an update whether it stands where it can; see `Placing.find`."""
        self._placing.find(update, is_well)

    def judge(self, replica: Replica, role: Role, person: object, update: bytes, name: str | None = None) -> bytes:
        """Tries an update on the fork.

        Args:
            replica: the room's document, with everything that was accepted so far.
            role: of the sender, one that may not edit.
            person: the sender, or None where nobody knows them.
            update: what they sent; `check_update` has passed it.
            name: what the others see the sender called; None to leave it to them.

        Returns:
            What of it the room shall take: EMPTY_UPDATE where the document has all of it. Text that its sender had
            suggested and somebody has accepted since, so that it may not go, is written again in it; and changes that
            they suggest have their name.

        Raises:
            Forbidden: it does what the role may not, now or as soon as something else arrives.
            Unplaced: somebody has to find out first whether it stands where it can; see `find`.
            BrokenUpdate: the document cannot take it.
        """
        if replica.halves(update):
            raise Forbidden(Reason.MALFORMED)  # half a character of somebody's goes with it
        self.did_more = False
        begun, made_anew = thread_time(), self._fork is None
        fork, self._fork = self._fork or Fork(replica), None
        effect = fork.apply(update, looks=role is Role.SUGGESTER)
        if effect is None:
            self._fork = fork
        if effect is None or not effect.complete:
            raise Forbidden(Reason.INCOMPLETE)
        if not _is_where_allowed(effect, role):
            raise Forbidden(role.refusal)
        # Whoever writes under another's client id takes the clocks from what the other writes next.
        if any(self._is_foreign(client, person, begun=clock > 0) for client, clock in effect.writers.items()):
            raise Forbidden(role.refusal)
        sent = effect
        if role is Role.SUGGESTER and person is not None and effect.shortens:
            effect = self._put_back(effect, person, name, fork, replica)
        is_foreign = partial(self._is_foreign, person=person)
        brought_back = partial(self._brought_back, person, replica)
        if not _is_said_by(effect, replica, fork, name) or not _is_allowed(effect, is_foreign, fork, brought_back):
            raise Forbidden(role.refusal)
        if suggested_entries.ROOT in effect.roots:
            before, after = (each.contents(suggested_entries.ROOT, effect.touched) for each in (replica, fork))
            for client in effect.writers.keys() - sent.writers.keys():  # by which text was written again
                after.pop(suggested_entries.back_id(client), None)
            if not suggested_entries.are_own(before, after, sent.writers, is_foreign):
                raise Forbidden(role.refusal)
            wrong = {} if name is None else suggested_entries.misnamed(before, after, name)
            if wrong:
                self.did_more = True
                effect = fork.put_right(effect, wrong)
        try:
            is_well = self._placing.is_well(update, sent, fork, replica)
        except TooManyStructs as error:
            raise Forbidden(Reason.TOO_LARGE, "document_seconds") from error
        if not is_well:
            raise Forbidden(Reason.MALFORMED)  # others may see another text than the fork
        for client in effect.writers:
            self._own(client, person)
        self._fork = fork
        self._placing.follow(effect.update)
        if made_anew or BODY in effect.roots:
            self._seconds = thread_time() - begun
        return effect.update

    def _put_back(self, effect: Effect, person: object, name: str | None, fork: Fork, replica: Replica) -> Effect:
        """Writes text of their own again that somebody deletes though it is no suggestion: it was one for them."""
        spans, steps, gone = _taken(effect.before, effect.steps)
        if not spans or sum(span.length for _, span in spans) > _MOST_PUT_BACK:
            return effect
        if any(span.text is None and not span.object.startswith("{") for _, span in spans):
            return effect  # nothing that a writer of text puts in
        theirs = {client: ranges for client, ranges in effect.deleted.items() if self._pens.get(client) != person}
        if theirs and _text(fork.shows_without(theirs)) != _text(effect.before):
            own = {*self._brought_back(person, replica), *self._earlier(name, replica)}
            theirs = {client: ranges for client, ranges in theirs.items() if client not in own}
            if not own or (theirs and _text(fork.shows_without(theirs)) != _text(effect.before)):
                return effect
        self.did_more = True
        went = [(span.length, not _is_insertion(span)) for span in gone]
        units = plain_units(replica.arrived(), effect.deleted, went, _MOST_READ)
        return fork.put_back(effect, spans, steps, list(units))

    def _brought_back(self, person: object, replica: Replica) -> dict[int, set[str]]:
        """By which clients the history has brought back what a person had suggested; see `suggested_entries`."""
        entries = replica.contents(suggested_entries.ROOT, None)
        return suggested_entries.brought_back(entries, lambda client: self._pens.get(client) == person)

    def _earlier(self, name: str | None, replica: Replica) -> set[int]:
        """By which clients of which nobody knows any more whose they are changes were begun by who has a name."""
        if name is None:
            return set()
        begun = suggested_entries.begun_by(replica.contents(suggested_entries.ROOT, None), name)
        return {client for client in begun if client not in self._pens and self._presence.person(client) is None}

    def _own(self, client: int, person: object) -> None:
        self._pens[client] = person
        self._pens.move_to_end(client)
        if len(self._pens) > _PENS_AT_MOST:
            self._pens.popitem(last=False)

    def _is_foreign(self, client: int, person: object, *, begun: bool = True) -> bool:
        here = self._presence.person(client)
        if here is not None and here != person:
            return True
        # Someone who came as a viewer and comes again by a better link has written nothing yet.
        return begun and self._pens.get(client, person) != person


def _is_where_allowed(effect: Effect, role: Role) -> bool:
    """Whether a role may change something in all that an update has touched."""
    if effect.update == EMPTY_UPDATE:
        return not effect.roots
    others = effect.roots - ROOTS.get(role, frozenset()) - {said_entries.ROOT}
    if role is Role.SUGGESTER:
        return not effect.nested and others <= {BODY, suggested_entries.ROOT}
    return role is Role.COMMENTER and not others


def _is_said_by(effect: Effect, replica: Replica, fork: Fork, name: str | None) -> bool:
    """Whether all that is said by names is said by the sender's, which is None where they have none."""
    if said_entries.ROOT not in effect.roots:
        return True
    if name is None or effect.touched is None:
        return False
    before, after = (each.contents(said_entries.ROOT, effect.touched) for each in (replica, fork))
    return said_entries.are_own(before, after, name)


def _is_allowed(effect: Effect, foreign: _Foreign, fork: Fork, brought_back: _BroughtBack) -> bool:
    """Whether what an update does to the body is a suggestion, and takes away nothing of anybody else's."""
    if BODY in effect.roots and not suggests(effect.before, effect.after, effect.steps):
        return False
    return not effect.shortens or _deletes_no_text_of_others(effect, foreign, fork, brought_back)


def suggests(before: View, after: View, steps: Sequence[dict[str, object]]) -> bool:
    """Whether a change of the body only suggests.

    Allowed is to insert text that carries `insertion`, to delete such text, to set and take away `deletion`
    everywhere, and within text that carries `insertion` every other attribute too, but not `insertion` itself: with it
    gone the text is no suggestion any more, and with it set others' text could be deleted.

    Args:
        before: the body as it was.
        after: the body as it is.
        steps: how the one became the other; see `Effect.steps`.
    """
    if (before.hidden, before.keys) != (after.hidden, after.keys):
        return False
    old, new = Walk(before.spans), Walk(after.spans)
    try:
        for step in steps:
            if "delete" in step:
                if not all(_is_insertion(span) for span in old.take(length_of(step["delete"]))):
                    return False
            elif "insert" in step:
                if not all(_is_insertion(span) and _is_plain(span) for span in new.take(length_of(step["insert"]))):
                    return False
            elif not _kept(old, new, length_of(step["retain"])):
                return False
        return old.left == new.left and _kept(old, new, old.left)
    except TooFar:
        return False


def _deletes_no_text_of_others(effect: Effect, foreign: _Foreign, fork: Fork, brought_back: _BroughtBack) -> bool:
    # Text that somebody wrote into a suggestion, or beside it at the same moment, may carry its mark.
    theirs = {client: ranges for client, ranges in effect.deleted.items() if foreign(client)}
    if not theirs or _text(fork.shows_without(theirs)) == _text(effect.before):
        return True
    restored = {client: ids for client, ids in brought_back().items() if client in theirs}
    others = {client: ranges for client, ranges in theirs.items() if client not in restored}
    if not restored or (others and _text(fork.shows_without(others)) != _text(effect.before)):
        return False
    _, _, gone = _taken(effect.before, fork.goes_with({client: theirs[client] for client in restored}))
    own = set().union(*restored.values())
    return bool(gone) and all(span.attributes["insertion"] in own for span in gone if _is_insertion(span))


def _text(view: View) -> tuple[bytes, tuple[tuple[int, str], ...], int]:
    """What a body holds, without looks: a mark that is set over somebody else's deletes that; `suggests` judges what
    comes of it."""
    text, objects, at = bytearray(), [], 0
    for span in view.spans:
        if span.text is None:
            objects.append((at, span.object))
        else:
            text += span.text
        at += span.length
    return bytes(text), tuple(objects), view.hidden


def _taken(
    before: View, changes: Sequence[dict[str, object]]
) -> tuple[list[tuple[int, Span]], list[dict[str, object]], list[Span]]:
    """What steps delete of text that is no suggestion, each with its place in a body in which it stays, the steps that
    lead there, and all that they delete of the text."""
    old, at = Walk(before.spans), 0
    taken: list[tuple[int, Span]] = []
    steps: list[dict[str, object]] = []
    gone: list[Span] = []
    try:
        for step in changes:
            if "delete" not in step:
                length = length_of(step["insert"] if "insert" in step else step["retain"])
                if "retain" in step:
                    old.pass_over(length)
                steps.append(step)
                at += length
                continue
            for span in old.take(length_of(step["delete"])):
                gone.append(span)
                if _is_insertion(span):
                    steps.append({"delete": span.length})
                else:
                    taken.append((at, span))
                    steps.append({"retain": span.length})
                    at += span.length
    except TooFar:
        return [], [], []
    return taken, steps, gone


def _kept(old: Walk, new: Walk, length: int) -> bool:
    while length:
        length -= old.pass_equal(new, length)
        step = min(length, old.run, new.run)
        if not step:
            return not length
        (was,), (now,) = old.take(step), new.take(step)
        if was.text != now.text or was.object != now.object:
            return False  # the steps are what the library says; the views are what people see
        if was.look != now.look:
            names = was.attributes.keys() | now.attributes.keys()
            changed = {name for name in names if exact(was.attributes.get(name)) != exact(now.attributes.get(name))}
            if changed - {"deletion"} and (not _is_insertion(was) or "insertion" in changed):
                return False
        length -= step
    return True


def _is_insertion(span: Span) -> bool:
    mark = span.attributes.get("insertion")
    return isinstance(mark, str) and bool(mark)


def _is_plain(span: Span) -> bool:
    return span.text is not None or bool(span.object)
