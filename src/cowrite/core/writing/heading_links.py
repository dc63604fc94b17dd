"""Links from one place of a text to a heading of it.

Their address is `#` and the heading's name as GitHub makes it of its words: in small letters, with hyphens for blanks
and without other punctuation; of several headings with the same words all but the first have a number behind it
(https://docs.github.com/en/get-started/writing-on-github, "Section links"). So a link leads on in Markdown files, too.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from functools import lru_cache
from unicodedata import category
from urllib.parse import unquote

from cowrite.core.text.richtext import Line, Span
from cowrite.core.writing.headings import Heading


def names(found: Iterable[Heading]) -> list[str]:
    """The names of all headings of a text, in its order."""
    given: dict[str, int] = {}
    result = []
    for heading in found:
        name = plain = _name(heading.text)
        while name in given:
            given[plain] += 1
            name = f"{plain}-{given[plain]}"
        given[name] = 0
        result.append(name)
    return result


def leads_within(address: object) -> bool:
    """Whether an address is one of a place in the same text."""
    return isinstance(address, str) and len(address) > 1 and address.startswith("#")


def heading_of(address: str, found: Iterable[Heading]) -> Heading | None:
    """The heading to which an address leads; None where none is called so.

    Args:
        address: `#` and the name.
        found: all headings of the text.
    """
    called = _called(found)
    name = name_in(address, called)
    return called[name] if name else None


def address_of(written: str, found: Iterable[Heading]) -> str | None:
    """The address of a heading as other programs know it; None where none is called so.

    Args:
        written: its address, be it written otherwise, or its words; of several with the same the first is meant.
        found: all headings of the text.
    """
    called = _called(found)
    if leads_within(written) and (name := name_in(written, called)):
        return f"#{name}"
    wanted = " ".join(written.split()).casefold()
    return next((f"#{name}" for name, heading in called.items() if heading.text.casefold() == wanted and name), None)


def contents(found: Iterable[Heading]) -> list[Line]:
    """A list of all headings of a text but its title, each a link to it and as far in as its level says."""
    all_ = list(found)
    title = title_of(all_)
    listed = [(heading, name) for heading, name in zip(all_, names(all_), strict=True) if heading is not title]
    highest = min((heading.level for heading, _ in listed), default=1)
    return [
        Line(
            (Span(heading.text, {"link": f"#{name}"} if name else {}),),
            {"list": "bullet", **({"indent": heading.level - highest} if heading.level > highest else {})},
        )
        for heading, name in listed
    ]


def title_of(found: Sequence[Heading]) -> Heading | None:
    """The heading that is the title of a text: its first line, above headings that are all of lower levels."""
    is_title = len(found) > 1 and not found[0].at and found[0].level < min(each.level for each in found[1:])
    return found[0] if is_title else None


def _called(found: Iterable[Heading]) -> dict[str, Heading]:
    all_ = list(found)
    return dict(zip(names(all_), all_, strict=True))


def name_in(address: str, called: Container[str]) -> str:
    """Which of some names an address means; empty for none."""
    wanted = unquote(address[1:])
    return next((name for name in (wanted, wanted.lower(), _name(wanted)) if name and name in called), "")


@lru_cache(maxsize=4096)
def _name(words: str) -> str:
    return "".join(filter(_is_kept, words.lower())).replace(" ", "-")


def _is_kept(character: str) -> bool:
    """Whether a name has a character: a letter, a sign that belongs to one, a digit, or what joins words."""
    kind = category(character)
    return character in " -" or kind[0] in "LM" or kind in ("Nd", "Nl", "Pc")
