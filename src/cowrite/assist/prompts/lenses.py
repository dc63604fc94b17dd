"""From where the model looks for ideas, and how it is asked: what `resources/lenses/ideas.toml` holds.

Runs anywhere.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from random import Random

from cowrite.assist.prompts.files import Template
from cowrite.assist.requests import Tier
from cowrite.assist.text.sentences import SENTENCE_END

FILE = "lenses/ideas.toml"  # among the resources
PERSONA = "{persona}"


@dataclass(frozen=True, slots=True)
class Lens:
    """One way of looking at a question.

    Attributes:
        name: what the record of an idea keeps.
        title: for people.
        asks: what a model that converses is asked for.
        openings: with which words a small model's idea begins, in turn.
    """

    name: str
    title: str
    asks: str
    openings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """One call: a lens, with a person in it where it says so.

    Attributes:
        asks: what a model that converses is asked for.
        opening: with which words a small model's idea begins.
    """

    lens: Lens
    asks: str
    opening: str


@dataclass(frozen=True, slots=True)
class Lenses:
    """All lenses.

    Attributes:
        templates: how each tier is asked.
        people: ordinary ones, for lenses that have somebody in them.
    """

    lenses: tuple[Lens, ...]
    people: tuple[str, ...]
    templates: Mapping[Tier, Template]

    def looks(self, seed: int) -> Iterator[Look]:
        """Looks without end: each lens once before one comes again, then with other words and another person.

        Args:
            seed: for the order; the same one gives the same looks.
        """
        chance = Random(seed)
        order = chance.sample(self.lenses, len(self.lenses))
        people = chance.sample(self.people, len(self.people))
        for turn in count():
            for lens in order:
                person = people[turn % len(people)]
                opening = lens.openings[turn % len(lens.openings)]
                yield Look(lens, lens.asks.replace(PERSONA, person), opening.replace(PERSONA, person))


def load_lenses(resources: Path) -> Lenses:
    """Reads the lenses that cowrite brings.

    Raises:
        OSError, KeyError, ValueError: the installation is not whole.
    """
    data = (resources / FILE).read_bytes()
    plain = tomllib.loads(data.decode("utf-8"))
    version = f"{plain['version']}-{hashlib.sha256(data).hexdigest()[:8]}"
    templates = {
        tier: Template(
            name=f"ideas/{tier}@{version}",
            is_ours=True,
            prompt=plain[tier.value]["prompt"],
            system=plain[tier.value].get("system", ""),
            stop=("\n",) if tier is Tier.SMALL else (),
            stop_after=SENTENCE_END if tier is Tier.SMALL else "",
            max_tokens=plain[tier.value]["max_tokens"],
            temperature=plain[tier.value]["temperature"],
        )
        for tier in Tier
    }
    lenses = (Lens(one["name"], one["title"], one["asks"], tuple(one["openings"])) for one in plain["lens"])
    return Lenses(tuple(lenses), tuple(plain["people"]), templates)
