"""A person's style card: how they write, kept in a file of theirs that they can read and edit.

Runs anywhere. The card goes into every prompt, before the text that is worked on, so that what the model has read of it
stays read. It stays on this computer.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import accumulate
from pathlib import Path
from typing import Any

import tomlkit

from cowrite.assist.requests import Tier
from cowrite.assist.text.sentences import sentences
from cowrite.errors import CowriteError

FILE_NAME = "style-card.toml"
MAX_WORDS = 160  # length of what a prompt says of each field of the card; see _length
MAX_SAMPLES = 1200  # length of the sample paragraphs in a prompt
FEW_SAMPLES = 400  # the same for a small model at a task: its examples are to weigh more
MAX_FILE = 64 * 1024  # bytes

_HEAD = """Your style card. The assistant reads it before each task; it stays on this computer.
tone: such as "warm and plain". length: such as "short sentences". spelling: such as "British".
prefer, avoid: words to use and words never to use. samples: paragraphs of your own, as you like to write."""


class BadStyleCard(CowriteError):
    """A style card cannot be used.

    Attributes:
        path: its file.
        reason: what is wrong, as the rest of a sentence.
    """

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"The style card “{path}” cannot be used: {reason}.")
        self.path = path
        self.reason = reason


@dataclass(frozen=True, slots=True)
class StyleCard:
    """How a person writes. An empty card says nothing in a prompt.

    Attributes:
        tone: such as "warm and plain".
        length: such as "short sentences".
        spelling: the variety, such as "British".
        prefer: words to use.
        avoid: words never to use.
        samples: paragraphs that the person has written.
    """

    tone: str = ""
    length: str = ""
    spelling: str = ""
    prefer: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    samples: tuple[str, ...] = ()

    @property
    def in_words(self) -> str:
        """What a prompt says of it, in one line, at most MAX_WORDS of each field; empty for an empty card."""
        said = [
            f"{name}: {_bounded(' '.join(value.split()), MAX_WORDS)}"
            for name, value in (("Tone", self.tone), ("Length", self.length), ("Spelling", self.spelling))
            if value.strip()
        ]
        said += [
            f"{name}: {', '.join(_listed(chosen))}"
            for name, chosen in (("Words to use", self.prefer), ("Words to avoid", self.avoid))
            if chosen
        ]
        return ". ".join(said) + "." if said else ""

    def own_words(self, most: int = MAX_SAMPLES) -> str:
        """The beginning of the sample paragraphs, up to so much length; each ends with an empty line."""
        taken: list[str] = []
        left = most
        for sample in self.samples:
            plain = _bounded(" ".join(sample.split()), left)
            if not plain:
                break
            left -= _length(plain)
            taken.append(plain + "\n\n")
        return "".join(taken)

    @property
    def before_text(self) -> str:
        """What stands before a text that a model goes on with: all of the card and an empty line, or nothing."""
        said = self.in_words
        return (f"{said}\n\n" if said else "") + self.own_words()

    def for_tier(self, tier: Tier) -> str:
        """What a task says of it, in one or two lines; of the sample paragraphs a small model gets the beginning."""
        samples = " ".join(self.own_words(FEW_SAMPLES if tier is Tier.SMALL else MAX_SAMPLES).split())
        return "\n".join(part for part in (self.in_words, samples and f"They write like this: “{samples}”") if part)

    def avoided_in(self, text: str) -> tuple[str, ...]:
        """Which of the words to avoid stand in a text, as the card has them."""
        return tuple(word for word in self.avoid if word.strip() and _pattern(word).search(text))


def _pattern(words: str) -> re.Pattern[str]:
    joined = r"\s+".join(re.escape(word) for word in words.split())
    return re.compile(rf"(?<!\w){joined}(?!\w)", re.IGNORECASE)


def _length(text: str) -> int:
    """How long a text is for a model: in characters, where one that is not ASCII counts as twice its bytes in UTF-8."""
    return sum(1 if character.isascii() else 2 * len(character.encode("utf-8", "surrogatepass")) for character in text)


def _bounded(text: str, limit: int) -> str:
    """A text of at most so much length, cut behind a sentence or else a word."""
    if _length(text) <= limit:
        return text
    reach = list(accumulate(map(_length, text)))
    cut = text[: bisect_right(reach, limit)]
    whole = [piece.end for piece in sentences(cut)[:-1]]
    if whole:
        return cut[: whole[-1]]
    return cut.rsplit(" ", 1)[0]


def _listed(words: Sequence[str]) -> list[str]:
    """The first words of a list, as many as have room in MAX_WORDS; at least one."""
    plain = [" ".join(word.split()) for word in words]
    reach = list(accumulate(_length(word) + 2 for word in plain))
    return plain[: max(1, bisect_right(reach, MAX_WORDS))]


def read_style_card(path: Path) -> StyleCard:
    """The card in a file; an empty one where there is no file.

    Raises:
        BadStyleCard: the file cannot be read, or is none.
    """
    try:
        if path.stat().st_size > MAX_FILE:
            raise BadStyleCard(path, f"it is larger than {MAX_FILE // 1024} kB")
        plain = tomllib.loads(path.read_text(encoding="utf-8-sig"))  # as some editors of Windows write it
    except FileNotFoundError:
        return StyleCard()
    except OSError as error:
        raise BadStyleCard(path, f"it cannot be read ({error.strerror or error})") from error
    except UnicodeDecodeError as error:
        raise BadStyleCard(path, "it is not UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise BadStyleCard(path, f"it is not TOML ({error})") from error
    known: dict[str, Any] = {}
    for field in fields(StyleCard):
        value = plain.pop(field.name, None)
        if value is None:
            continue
        is_list = field.name in ("prefer", "avoid", "samples")
        if is_list and isinstance(value, list) and all(isinstance(one, str) for one in value):
            known[field.name] = tuple(value)
        elif not is_list and isinstance(value, str):
            known[field.name] = value
        else:
            raise BadStyleCard(path, f"“{field.name}” must be a {'list of texts' if is_list else 'text'}")
    for name in plain:
        raise BadStyleCard(path, f"“{name}” is not known")
    return StyleCard(**known)


def style_card_text(card: StyleCard, before: str = "") -> str:
    """A card as the text of its file.

    Args:
        card: what it says now.
        before: the file's text; of what the card does not change, all stays as it is: comments, order, spacing.

    Raises:
        ValueError: `before` is no TOML.
    """
    document = tomlkit.parse(before)
    if not before.strip():
        for line in _HEAD.splitlines():
            document.add(tomlkit.comment(line))
    there = document.unwrap()
    for field in fields(StyleCard):
        value = getattr(card, field.name)
        plain = list(value) if isinstance(value, tuple) else value
        if field.name not in there or there[field.name] != plain:
            document[field.name] = plain
    return tomlkit.dumps(document)
