"""Comments as the panel is told of them. Runs on the GUI thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from cowrite.clock import milliseconds_now
from cowrite.core.comments.comments import Placed, Remark, Thread
from cowrite.core.comments.mentions import Names
from cowrite.core.text.richtext import EMBED_CHARACTER
from cowrite.gui.comments.values import RemarkShown, ThreadListed, ThreadShown
from cowrite.gui.look.times import ago, date_and_time

NO_WORDS = "A place without words"
EMBEDDED = "An image, footnote or decision"


Source = Callable[[Remark], str]
"""Says on whose word something was said by whom it says; see `DraftBringers.source`."""


def listed(placed: Placed, me: str, names: Names, source: Source) -> ThreadListed:
    """A thread as the panel lists it; see `shown`."""
    return ThreadListed(placed.thread.id, placed.thread.is_resolved, partial(shown, placed, me, names, source))


def shown(placed: Placed, me: str, names: Names, source: Source) -> ThreadShown:
    """A thread as the panel shows it.

    Args:
        placed: it.
        me: the id by which the person's own words are known.
        names: by which people are mentioned.
        source: says on whose word something was said.
    """
    thread = placed.thread
    remarks = tuple(_remark(said, me, names, source(said)) for said in thread.remarks)
    quote = in_words(thread.quote)
    mentions_me = any(mentioning(thread, me, names))
    return ThreadShown(thread.id, quote, placed.place is None, thread.is_resolved, remarks, mentions_me)


def mentioning(thread: Thread, me: str, names: Names) -> Iterator[Remark]:
    """What others have said in a thread that mentions the person; see `shown`."""
    for said in thread.remarks:
        if said.author.id != me and any(mention.is_own for mention in names.mentions(said.text)):
            yield said


def in_words(quote: str) -> str:
    """A quote in one line, without what stands for pictures; where there is no word in it, what it may be."""
    words = " ".join(quote.replace(EMBED_CHARACTER, " ").split())
    return words or (EMBEDDED if EMBED_CHARACTER in quote else NO_WORDS)


def _remark(said: Remark, me: str, names: Names, source: str) -> RemarkShown:
    is_mine = bool(me) and said.author.id == me and bool(said.text)
    edited = ", edited" if said.is_edited and said.text else ""
    when = f"{ago(said.created, milliseconds_now()) if said.created else ''}{edited}".removeprefix(", ")
    moment = date_and_time(said.created) if said.created else ""
    mentions = names.mentions(said.text)
    author = said.author
    return RemarkShown(said.id, said.text, author.name, author.colour, source, when, moment, is_mine, mentions)
