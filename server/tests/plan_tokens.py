"""The tokens of a plan, `<a17>`: everybody numbers their own and writes each right behind the one before.

So whatever happens, a document has a person's tokens without a gap, without a copy and in order, and what is lost,
doubled or out of place can be counted.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from plan_people import RUBBED_OUT, Person

_TOKEN = re.compile(r"<([a-z])(\d+)>")


def check_text(text: str, people: Sequence[Person], *, complete: bool = False) -> None:
    """Makes sure that a text has what was acknowledged, or all that was typed, and nothing that was not to come in."""
    found = _numbers(text, [person.letter for person in people])
    for person in people:
        count = len(found[person.letter])
        least = person.typed if complete else person.acknowledged
        assert count >= least, f"{person.letter} has {count} tokens, and {least} were acknowledged"
        if person.hidden_from is not None:
            assert count <= person.hidden_from, f"{person.letter} wrote without the right to"
    assert not complete or RUBBED_OUT not in text


def check_version(text: str, least: Mapping[str, int]) -> None:
    """Makes sure that an earlier text has at least so many tokens of each person, by their letters."""
    for letter, numbers in _numbers(text, least).items():
        assert len(numbers) >= least[letter], f"{letter} has {len(numbers)} tokens in a version of {least[letter]}"


def has_all(text: str, people: Sequence[Person]) -> bool:
    """Whether a text has the last token of everybody."""
    return all(each.typed == 0 or f"<{each.letter}{each.typed - 1}>" in text for each in people)


def _numbers(text: str, letters: Collection[str]) -> dict[str, list[int]]:
    """The numbers of each person's tokens, which have to be all from the first one on, in their order: this is at once
    no loss, no doubling and no disorder."""
    found: dict[str, list[int]] = {letter: [] for letter in letters}
    for letter, number in _TOKEN.findall(text):
        found[letter].append(int(number))
    for letter, numbers in found.items():
        assert numbers == list(range(len(numbers))), f"the tokens of {letter} are {numbers}"
    return found
