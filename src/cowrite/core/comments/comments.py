"""Comments: what people say about passages of the draft, and answer to each other, in the root `comments`.

Runs on the document's thread. A thread and each reply are entries of their own, so that what two people say at once is
both there. Where the text of its passage is gone a thread is detached and shows its quote, and is never silently
somewhere else. Text that is moved, or that an undo brings back, is written anew, so threads are put on it again: in Yjs
nobody else can know that it is the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from cowrite.core.comments.passages import Passage, moved_to, passage_fields, passages_of, place_of
from cowrite.core.crdt.anchor import Anchor
from cowrite.core.document.document import Document
from cowrite.core.document.watched import Check, unwatched, watched
from cowrite.core.entries.authors import Author, author_fields, author_of, moment_of
from cowrite.core.entries.entries import EntriesChange, draw_id
from cowrite.core.entries.fields import REMOVED, Fields, Readings, text, texts, truth
from cowrite.core.marks.comeback import Comeback, back_in
from cowrite.core.text.change import Change
from cowrite.core.text.origin import Origin
from cowrite.core.text.richtext import SUGGESTIONS, Insert, Utf16, plain_text, utf16_length
from cowrite.core.text.suggested_text import as_copied
from cowrite.core.writing.places import Place, Places
from cowrite.core.writing.restored import Restored

COMMENTS = "comments"
"""The root."""
MOST_QUOTE = 1_000
MOST_WORDS = 20_000
"""Characters of a quote and of a comment; what a peer has written beyond them is cut off."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer in a thread.

    Attributes:
        id: "reply:" and a random part.
        text: in its author's words.
        author: who said it.
        created: milliseconds since 1970.
        is_edited: whether its author has changed it since.
    """

    id: str
    text: str
    author: Author
    created: int = 0
    is_edited: bool = False


@dataclass(frozen=True, slots=True)
class Thread:
    """What was said about one passage.

    Attributes:
        id: "thread:" and a random part.
        quote: the words of the passage when it was commented on.
        text: the comment; empty where its author has taken it back and others have answered it.
        author: who made it.
        created: milliseconds since 1970.
        is_edited: whether its author has changed it since.
        is_resolved: whether it was settled, and nothing was said since that whoever did so had not seen.
        replies: the answers that are there, the first one first.
    """

    id: str
    quote: str
    text: str
    author: Author
    created: int = 0
    is_edited: bool = False
    is_resolved: bool = False
    replies: tuple[Reply, ...] = ()

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """The comment, then the replies."""
        return self, *self.replies


Remark = Thread | Reply
"""A comment, or a reply to one."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A thread and where it stands.

    Attributes:
        thread: it.
        place: start and stop of its passage (UTF-16 units); None where it is detached.
    """

    thread: Thread
    place: Place | None


class Comments:
    """The comments of a document.

    Args:
        document: the draft they are about.
        chance: draws ids.
        clock: milliseconds since 1970.
    """

    def __init__(self, document: Document, *, chance: Random, clock: Callable[[], int]) -> None:
        self._document = document
        self._entries = document.entries(COMMENTS)
        self._chance = chance
        self._clock = clock
        self._places = Places(document)
        self._suggestions = document.entries(SUGGESTIONS)
        self._came_back: tuple[int, list[Comeback]] = -1, []
        self._threads_at: tuple[int, list[tuple[Thread, Sequence[Passage]]]] = (-1, [])
        self._read_threads: dict[str, tuple[Fields | None, list[Reply], Thread | None]] = {}
        self._read_replies = Readings(_reply)
        self._read_passages = Readings(passages_of)

    def all(self) -> list[Placed]:
        """All threads in the order of the text, the detached ones behind them in the order in which they began."""
        threads = self._threads()
        self._places.find({passages[0].key: passages[0].ends for _, passages in threads if passages})
        return sorted(
            (
                Placed(thread, place_of(passages, self._places, self._document, self._put_back))
                for thread, passages in threads
            ),
            key=_order,
        )

    def _put_back(self) -> list[Comeback]:
        """What was put back of suggested changes."""
        revision = self._suggestions.revision
        if self._came_back[0] != revision:
            self._came_back = revision, back_in(fields for _, fields in self._suggestions.all())
        return self._came_back[1]

    def get(self, id: str) -> Placed | None:
        """A thread by its id or that of a reply in it; None where it is not there."""
        return next((each for each in self.all() if id in _ids(each.thread)), None)

    def add(self, start: int, stop: int, words: str, author: Author) -> str:
        """Comments on a passage (UTF-16 units), and gives the thread's id.

        Raises:
            ValueError: there is nothing between start and stop.
        """
        if start >= stop:
            raise ValueError("a comment needs a passage")
        fields = {
            **_said(words, author, self._clock()),
            "quote": plain_text(as_copied(self._document.spans(start, stop)))[:MOST_QUOTE],
            **self._anchors(start, stop),
        }
        return self._add("thread", fields)

    def move(self, places: Mapping[str, Place]) -> None:
        """Puts threads on the passages in which their words are now, by their ids; no act that one takes back.

        Raises:
            NoSuchEntry: a thread is not there.
        """
        self._move(places, self._document.anchors.ends_of(list(places.values())))

    def _move(self, places: Mapping[str, Place], ends: Sequence[tuple[Anchor, Anchor]]) -> None:
        """Puts threads on passages of which both ends are known; see `move`."""
        moved: dict[str, Fields] = {}
        for (id, place), each in zip(places.items(), ends, strict=True):
            passage = passage_fields(self._document, place, each)
            if changed := moved_to(passage, self._entries.get(id, removed=True) or {}):
                moved[id] = changed
        if moved:
            with self._document.transaction(Origin.MENDING):  # whoever observes looks at all threads
                for id, fields in moved.items():
                    self._entries.change(id, fields, Origin.MENDING)
                    self._places.note(self._passages(id)[0].key, places[id])

    def keep_returned(self, change: Change) -> None:
        """After an own undo or redo: keeps the threads where they stand here on text that it has brought back."""
        returned = [(op.at, Utf16(op.at + utf16_length(op.span.text))) for op in change.ops if isinstance(op, Insert)]
        if returned:
            self._document.settle()
            with self._document.anchors.steady():
                placed = ((each.thread.id, each.place) for each in self.all() if each.place is not None)
                places = {id: place for id, place in placed if _touches(place, returned)}
                ends = self._document.anchors.ends_of(list(places.values()))
            self._move(places, ends)

    def stand_again(self, restored: Restored) -> None:
        """Puts threads whose words, or some of them, were gone on these again, where the text is what it was and so has
        been written anew; of text in which people have written meanwhile, those around that.

        Args:
            restored: the document.
        """
        places: dict[str, Place] = {}
        for each in self.all():
            ends = (ends for _, ends, _ in self._passages(each.thread.id))
            if (place := restored.better(each.place, ends)) is not None:
                places[each.thread.id] = place
        self.move(places)

    def reply(self, thread: str, words: str, author: Author) -> str:
        """Answers in a thread, and gives the reply's id."""
        return self._add("reply", {**_said(words, author, self._clock()), "thread": thread})

    def change(self, id: str, words: str) -> None:
        """Puts other words in the place of a comment or reply.

        Raises:
            NoSuchEntry: it is not there.
        """
        self._entries.change(id, {"text": words, "is_edited": True})

    def remove(self, id: str) -> None:
        """Takes a comment or reply back. What others answered stays.

        Raises:
            NoSuchEntry: it is not there.
        """
        self._entries.remove(id)

    def resolve(self, thread: Thread) -> None:
        """Settles a thread as it is here; a reply that is not in it, written meanwhile or later, opens it again.

        Raises:
            NoSuchEntry: it is not there.
        """
        self._entries.change(thread.id, {"resolved": _ids(thread)})

    def reopen(self, id: str) -> None:
        """Takes it back that a thread is settled.

        Raises:
            NoSuchEntry: it is not there.
        """
        self._entries.change(id, {"resolved": []})

    def observe(self, callback: Callable[[EntriesChange], None]) -> Callable[[], None]:
        """Calls back after each transaction that touched comments; returns the function that ends it."""
        return self._entries.observe(callback)

    def undo(self) -> None:
        """Takes back this person's newest act on comments, if there is one; what others said stays."""
        if self._entries.steps.can_undo():
            for id in self._entries.steps.undo(self._is_answered):
                self._entries.remove(id, Origin.UNDO)  # the thread goes on without its first words

    def _is_answered(self, id: str) -> bool:
        return any(text(fields, "thread") == id for _, fields in self._entries.all("reply"))

    def redo(self) -> None:
        """Brings back the act that was taken back last."""
        if self._entries.steps.can_redo():
            self._entries.steps.redo()

    # Inside

    def _anchors(self, start: int, stop: int) -> dict[str, Any]:
        # Text that somebody writes just before or behind the passage does not belong to it.
        (ends,) = self._document.anchors.ends_of([(start, stop)])
        return passage_fields(self._document, (Utf16(start), Utf16(stop)), ends)

    def _add(self, kind: str, fields: Fields) -> str:
        id = draw_id(kind, self._chance)
        self._entries.add(id, fields)
        return id

    def _threads(self) -> list[tuple[Thread, Sequence[Passage]]]:
        """All threads with their passages, the newest of these first: read anew once entries have changed, since all
        are asked for again and again while somebody types."""
        if self._threads_at[0] != self._entries.revision:
            replies: defaultdict[str, list[Reply]] = defaultdict(list)
            for id, fields in self._entries.all("reply"):
                replies[text(fields, "thread")].append(self._read_replies.of(id, fields))
            read = ((id, self._thread(id, replies.get(id, []))) for id in self._entries.ids("thread", removed=True))
            threads = [(thread, self._passages(id)) for id, thread in read if thread is not None]
            self._threads_at = self._entries.revision, threads
        return self._threads_at[1]

    def _thread(self, id: str, replies: list[Reply]) -> Thread | None:
        """A thread of an entry, read once as long as that and its replies stay; see `_read_thread`."""
        fields = self._entries.get(id, removed=True)
        known = self._read_threads.get(id)
        if known is None or known[0] is not fields or known[1] != replies:
            known = self._read_threads[id] = fields, replies, self._read_thread(id, fields, replies)
        return known[2]

    def _read_thread(self, id: str, fields: Fields | None, replies: list[Reply]) -> Thread | None:
        """A thread of an entry; None where it was taken back and nobody has answered it."""
        is_removed = fields is None or truth(fields, REMOVED)
        if fields is None or (is_removed and not replies):
            return None
        seen = texts(fields, "resolved")
        return Thread(
            id=id,
            quote=text(fields, "quote")[:MOST_QUOTE],
            text="" if is_removed else _words(fields),
            author=author_of(fields),
            created=moment_of(fields),
            is_edited=truth(fields, "is_edited"),
            is_resolved=id in seen and all(reply.id in seen for reply in replies),
            replies=tuple(sorted(replies, key=lambda reply: (reply.created, reply.id))),
        )

    def _passages(self, id: str) -> Sequence[Passage]:
        """The passages of a thread, each by its key, the newest first; of those that can be read."""
        fields = self._entries.get(id, removed=True)
        return () if fields is None else self._read_passages.of(id, fields)


def bring_in(document: Document, threads: Sequence[Placed], check: Check = unwatched) -> None:
    """Takes threads from elsewhere into a new document. In their ids they are told apart from those of another one.

    Args:
        document: it has its text, and no threads.
        threads: what is said about it, and where; no place is empty.
        check: ends it; the document is of no use then.
    """

    def own(id: str) -> str:  # words that are cut out take the ids of their threads along, into other documents too
        return id.replace(":", f":{document.client_id:x}-", 1)

    stand = [(each.thread.id, each.place) for each in threads if each.place is not None]
    ends = zip(stand, document.anchors.ends_of([place for _, place in stand]) if stand else (), strict=True)
    anchors = {id: passage_fields(document, place, each) for (id, place), each in ends}
    entries = document.entries(COMMENTS)
    with document.transaction(Origin.IMPORT):
        for thread in (each.thread for each in watched(threads, check)):
            said = _said(thread.text, thread.author, thread.created)
            id = own(thread.id)
            settled = {"resolved": list(map(own, _ids(thread)))} if thread.is_resolved else {}
            entries.add(id, {**said, "quote": thread.quote, **anchors.get(thread.id, {}), **settled}, Origin.IMPORT)
            for reply in thread.replies:
                answer = _said(reply.text, reply.author, reply.created)
                entries.add(own(reply.id), {**answer, "thread": id}, Origin.IMPORT)


def _order(placed: Placed) -> tuple[bool, int, int, str]:
    start = placed.place[0] if placed.place is not None else 0
    return placed.place is None, start, placed.thread.created, placed.thread.id


def _touches(place: Place, others: Iterable[Place]) -> bool:
    return any(start < place[1] and place[0] < stop for start, stop in others)


def _ids(thread: Thread) -> list[str]:
    return [remark.id for remark in thread.remarks]


def _said(words: str, author: Author, now: int) -> dict[str, Any]:
    return {"text": words, **author_fields(author, now)}


def _reply(id: str, fields: Fields) -> Reply:
    return Reply(id, _words(fields), author_of(fields), moment_of(fields), truth(fields, "is_edited"))


def _words(fields: Fields) -> str:
    return text(fields, "text")[:MOST_WORDS]
