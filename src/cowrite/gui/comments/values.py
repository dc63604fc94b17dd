"""What the comments panel is told, as values. Runs on any thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cowrite.core.comments.mentions import Mention


@dataclass(frozen=True, slots=True)
class RemarkShown:
    """A comment or a reply.

    Attributes:
        id: of the thread for the comment itself, else of the reply.
        text: in its author's words; empty where they have taken it back.
        name, colour: whose it says it is; the colour as the document stores it.
        source: on whose word that is, as "according to Ada"; empty where nothing else is known.
        when: how long ago, such as "5 minutes ago".
        moment: day and time.
        is_mine: whether the person may change it and take it back.
        mentions: who is mentioned in the text.
    """

    id: str
    text: str
    name: str
    colour: str
    source: str = ""
    when: str = ""
    moment: str = ""
    is_mine: bool = False
    mentions: tuple[Mention, ...] = ()


@dataclass(frozen=True, slots=True)
class ThreadShown:
    """A thread.

    Attributes:
        id: of the thread.
        quote: the words it is about.
        is_detached: whether they are in the text no more.
        is_resolved: whether it is settled.
        remarks: the comment, then the replies.
        mentions_me: whether somebody else mentions the person in it.
    """

    id: str
    quote: str
    is_detached: bool
    is_resolved: bool
    remarks: tuple[RemarkShown, ...]
    mentions_me: bool = False


@dataclass(frozen=True, slots=True)
class ThreadListed:
    """One of all threads, of which a panel shows the first ones.

    Attributes:
        id: of the thread.
        is_resolved: whether it is settled.
        read: gives all that is shown of it; there can be thousands, so that is worked out of those that are shown.
    """

    id: str
    is_resolved: bool
    read: Callable[[], ThreadShown]
