"""What stands below a note in a list: votes, who wrote it, its links and the like, in words that are read back.

Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cowrite.core.board.items import Hand, Tie
from cowrite.core.board.jottings import JottedLink
from cowrite_server.counting import counted

_LATE, _MERGED, _FRAME = "late", "merged", "in frame: "
_HANDS = {Hand.ADOPTED: "from the assistant", Hand.MODEL: "by the assistant, not adopted"}
_VOTES = re.compile(r"(\d{1,9}(?:\.\d+)?) votes?")
_SCORE = re.compile(r"mean score (\d{1,9}(?:\.\d+)?)")
_RANK = re.compile(r"place (\d{1,9}) in the ranking")
_NUMBER = re.compile(r"note (\d{1,9})")
_IN_FRAME = re.compile(f"(?:^|; ){_FRAME}")
_MODEL_TEXT = re.compile("(?:^|; )it wrote: “((?:[^”]|””)*)”(?=; |$)")
_LINK = re.compile(rf"({'|'.join(Tie)}) (?:to )?(?:note )?(\d{{1,9}})")


@dataclass(frozen=True, slots=True)
class Results:
    """What the newest closed polls say of a note or group; None where they were not asked about it.

    Attributes:
        votes: the dots that it got.
        score: the mean of its scores, from 0 to 5.
        rank: its place in a ranking, from 1.
    """

    votes: float | None = None
    score: float | None = None
    rank: int | None = None


NO_RESULTS = Results()


@dataclass(frozen=True, slots=True)
class Marks:
    """What is known of a note or group besides its words; see `list.ListedNote`."""

    results: Results = NO_RESULTS
    author: str = ""
    is_late: bool = False
    number: int = 0
    links: tuple[JottedLink, ...] = ()
    is_merged: bool = False
    frame: str = ""
    hand: Hand = Hand.PERSON
    model_text: str = ""

    @property
    def words(self) -> str:
        """All of it, as it stands below a note; empty where nothing is known."""
        return "; ".join(self._parts())

    def _parts(self) -> Iterator[str]:
        votes, score, rank = self.results.votes, self.results.score, self.results.rank
        if votes is not None:
            yield counted(votes, "vote")
        if score is not None:
            yield f"mean score {score:g}"
        if rank is not None:
            yield f"place {rank} in the ranking"
        if self.author:
            yield self.author
        if self.hand in _HANDS:
            yield _HANDS[self.hand]
        if self.model_text:
            yield f"it wrote: “{self.model_text.replace('”', '””')}”"
        if self.is_late:
            yield _LATE
        if self.number:
            yield f"note {self.number}"
        for link in self.links:
            yield f"{link.tie}{' to' if link.tie is Tie.RELATED else ''} note {link.number}"
        if self.is_merged:
            yield _MERGED
        if self.frame:  # last, because a title may have anything in it
            yield f"{_FRAME}{self.frame}"


def read_marks(words: str) -> Marks:
    """What stands below a note; what is no mark is who wrote it."""
    found, wrote = _IN_FRAME.search(words), _MODEL_TEXT.search(words)
    if found and wrote and found.start() < wrote.start():
        wrote = None  # it is in the title
    if wrote:
        words = words[: wrote.start()] + words[wrote.end() :]
        found = _IN_FRAME.search(words, wrote.start())
    frame = words[found.end() :] if found else ""
    parts = (words[: found.start()] if found else words).removeprefix("; ").split("; ")
    told = (_LATE, _MERGED, *_HANDS.values())
    others = [part for part in parts if part not in told and not _is_told(part)]
    votes, score, rank, number = (_first(pattern, parts) for pattern in (_VOTES, _SCORE, _RANK, _NUMBER))
    return Marks(
        Results(
            None if votes is None else float(votes),
            None if score is None else float(score),
            None if rank is None else int(rank),
        ),
        "; ".join(others),  # a name may have anything in it
        _LATE in parts,
        int(number or 0),
        read_links("; ".join(parts)),
        _MERGED in parts,
        frame,
        next((hand for hand, said in _HANDS.items() if said in parts), Hand.PERSON),
        wrote[1].replace("””", "”") if wrote else "",
    )


def divided(words: str) -> tuple[str, str, str]:
    """What stands below a note, up to the words that the model wrote of it, these, and the rest; all of it before them
    where they are not there."""
    model_text = read_marks(words).model_text.replace("”", "””")
    before, quote, rest = words.partition(f"it wrote: “{model_text}”") if model_text else (words, "", "")
    return (before + quote[: -len(model_text) - 1], model_text, f"”{rest}") if quote else (words, "", "")


def link_words(links: tuple[JottedLink, ...]) -> str:
    """Links as a cell of a table has them, such as "builds on 3; related 7"."""
    return "; ".join(f"{link.tie} {link.number}" for link in links)


def read_links(words: str) -> tuple[JottedLink, ...]:
    """The links among what is divided by semicolons; what is none is passed over."""
    found = (_LINK.fullmatch(part.strip()) for part in words.split(";"))
    return tuple(JottedLink(Tie(each[1]), int(each[2])) for each in found if each)


def _is_told(part: str) -> bool:
    return any(pattern.fullmatch(part) for pattern in (_VOTES, _SCORE, _RANK, _NUMBER, _LINK))


def _first(pattern: re.Pattern[str], parts: list[str]) -> str | None:
    return next((found[1] for part in parts if (found := pattern.fullmatch(part))), None)
