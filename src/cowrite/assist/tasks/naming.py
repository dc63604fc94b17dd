"""Names: a few words for a text, or for each of its paragraphs.

Runs anywhere. Whatever words a name is made of stand in the text; what the model proposes, and how sentences begin, is
ranked by how likely it makes the text.
"""

from __future__ import annotations

import re
from collections.abc import Generator

from cowrite.assist.prompts.files import Division
from cowrite.assist.tasks.choosing import gains
from cowrite.assist.tasks.jobs import Answer, Progress, Step
from cowrite.assist.tasks.writer import MARK, Writer, doing
from cowrite.assist.text.facts import new_facts
from cowrite.assist.text.guards import overlap, telling_words
from cowrite.assist.text.meaning import turns_part_round
from cowrite.assist.text.sentences import (
    HEADING_WORDS,
    is_around_letter,
    is_heading,
    paragraphs,
    sentences,
    word_places,
    words,
)

MOST_HELD = 6000  # characters of a text, from its beginning, that a name for it is made of and held against
_ITEM = re.compile(r"\s*(?:[-*+•]|\d+[.)])\s+")
_CLAUSE = re.compile(r"[,;:–—]|\s(?:because|which|where|so that|but|although|while)\s")


_COURTESY = re.compile(
    r"(?:(?:many )?thanks|thank you|dear|danke|vielen dank|liebe[rs]?|sehr geehrte[rs]?|merci|chère?s?|"
    r"(?:muchas )?gracias|estimad[oa]s?|querid[oa]s?)\b",
    re.IGNORECASE,
)
"""How letters begin, which names nothing."""


def name(writer: Writer) -> Generator[Step, Answer, str]:
    """A few words for the text, or for each of its paragraphs; headings that it has stay, and so do items of lists."""
    if writer.template.division in (Division.WHOLE, Division.BEGINNING):
        yield Progress(0, 1, "Looking for words")
        return (yield from _named(writer, writer.task.text))
    points = [point for piece in paragraphs(writer.task.text) for point in _points(piece.text)]
    points = [point for point in points if not is_around_letter(point)] or points
    lines: list[str] = []
    has_headings = any(_is_head(point) for point in points)
    for number, point in enumerate(points):
        yield Progress(number, len(points), doing(number, len(points)), "\n".join(lines))
        if _is_head(point):
            lines.append(f"{writer.template.begins}{point.lstrip('# ')}")
        elif _ITEM.match(point):
            lines.append(f"{'  ' if has_headings else ''}{writer.template.begins}{_beginning(_ITEM.sub('', point, 1))}")
        elif new := (yield from _named(writer, point)):
            lines.append(f"{'  ' if has_headings else ''}{writer.template.begins}{new}")
    return writer.template.joins.join(lines)


def _points(paragraph: str) -> list[str]:
    """A paragraph as one point, or a list as one for each item, which keeps its mark."""
    found: list[str] = []
    for line in paragraph.split("\n"):
        if not found or _ITEM.match(line):
            found.append(line)
        else:
            found[-1] += f"\n{line}"
    return found


def _is_head(point: str) -> bool:
    return not _ITEM.match(point) and (is_heading(point) or point.startswith("#"))


def _named(writer: Writer, text: str) -> Generator[Step, Answer, str]:
    text = text[:MOST_HELD]
    start = " ".join(text.split())[:900]
    candidates: list[str] = []
    for attempt in range(writer.template.tries):
        new = yield from writer.ask(start, attempt)
        candidates.append(new)
    candidates += [clause for one in sentences(text)[:4] for clause in _clauses(one.text)]
    fit = list(dict.fromkeys(name for name in map(_as_name, candidates) if _fits(name, text)))
    if not fit:
        return _beginning(text)
    values = yield from gains(writer.template, [{"piece": name} for name in fit], writer.slots(start), writer.tally)
    ranked = sorted(range(len(fit)), key=lambda index: -values[index])
    return fit[ranked[writer.task.seed % len(ranked)]]  # another seed gives the next best one


def _beginning(text: str) -> str:
    first = " ".join(sentences(text)[0].text.split())
    places = [at for at, _ in word_places(first)]
    if not places:
        return ""
    if len(places) <= HEADING_WORDS:
        return _as_name(first)
    last, behind = places[HEADING_WORDS - 1 : HEADING_WORDS + 1]
    return _as_name(first[:last] + first[last:behind].split(" ")[0]) + "…"  # no bracket that opens behind the last word


def _clauses(sentence: str) -> list[str]:
    """How a sentence begins, as far as it can stand for itself."""
    head = _CLAUSE.split(MARK.sub("", sentence), maxsplit=1)[0]
    return [head] if 3 <= len(words(head)) <= HEADING_WORDS else []


def _as_name(text: str) -> str:
    name = (
        MARK.sub("", text.split("\n", maxsplit=1)[0].strip()).lstrip("# |").rstrip(" |").rstrip(".,;:。、").strip('"“”')
    )
    return name[:1].upper() + name[1:]


def _fits(name: str, text: str) -> bool:
    if not 1 < len(words(name)) <= HEADING_WORDS + 1 or new_facts(text, name) or turns_part_round(text, name):
        return False
    if "|" in name or _COURTESY.match(name):  # a row of a table is no name either
        return False
    is_in_it = any(word != "one" for word in telling_words(name)) and overlap(name, text) >= 0.99
    return is_in_it and _is_in_order(name, text)


def _is_in_order(name: str, text: str) -> bool:
    """Whether the telling words of a name come in the order in which the text has them: else it may join what the text
    does not, "Request with a list of identifiers and status 413"."""
    rest = iter(telling_words(text))
    return all(word in rest for word in telling_words(name))
