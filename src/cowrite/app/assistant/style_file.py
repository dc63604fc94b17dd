"""StyleFile: a style card's file, which its dialog changes and the person's editor, too.

On one thread at a time. What either of them wrote stays.
"""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

from cowrite.assist.prompts.style_card import MAX_FILE, BadStyleCard, StyleCard, read_style_card, style_card_text
from cowrite.core.text.merging import merged_list
from cowrite.errors import CowriteError
from cowrite.storage.placing import replace, write_in_place


class StyleCardTooLarge(CowriteError):
    """A style card says more than is read of its file.

    Attributes:
        path: its file, as it was before.
        size: bytes that the file would have.
    """

    def __init__(self, path: Path, size: int) -> None:
        super().__init__(
            f"The style card “{path}” is as it was: with what is in the fields it would have {-(-size // 1024)} kB, "
            f"and it can have {MAX_FILE // 1024} kB at most. Shorten the samples; the card is kept as soon as they fit."
        )
        self.path = path
        self.size = size


class StyleFile:
    """A style card's file, as one dialog changes it.

    Args:
        path: where it is, or will be.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._last = StyleCard()  # as the dialog had it when it was read or written last

    def read(self) -> StyleCard:
        """The card in it; an empty one where there is no file.

        Raises:
            BadStyleCard: it cannot be read.
        """
        self._last = read_style_card(self.path)
        return self._last

    def change(self, card: StyleCard) -> None:
        """Writes what is new in a card; what else stands in the file stays, also what was written there meanwhile.

        Raises:
            BadStyleCard: the file cannot be read, and is as it was.
            StyleCardTooLarge: the same, because too much would be in it.
            OSError: the same, because it cannot be written.
        """
        there = read_style_card(self.path)
        if (wanted := _merged(self._last, card, there)) != there:
            self._write(wanted)
        self._last = card

    def change_and_read(self, card: StyleCard) -> StyleCard:
        """Does both; raises what both raise."""
        self.change(card)
        return self.read()

    def start_anew(self, card: StyleCard) -> Path | None:
        """Keeps the file under another name beside it, and writes a new one where the card says anything.

        Returns:
            Where the old file is now, no other file was there; None where there was no old file.

        Raises:
            StyleCardTooLarge: too much would be in the new file; the old one is as it was.
            OSError: the same, because it could not be done.
        """
        path = self.path.resolve()  # where the person has put it, when its name is a link
        kept = _set_aside(path)
        last, self._last = self._last, StyleCard()
        try:
            self.change(card)
        except (StyleCardTooLarge, OSError):
            self._last = last
            if kept is not None:
                replace(kept, path)
            raise
        if kept is not None and kept.parent == self.path.parent.resolve():
            return self.path.with_name(kept.name)
        return kept

    def _write(self, card: StyleCard) -> None:
        path = self.path.resolve()  # a link stays a link
        before = path.read_bytes().decode("utf-8-sig") if path.is_file() else ""
        ends = "\r\n" if before.count("\r\n") * 2 > before.count("\n") else "\n"
        try:
            text = style_card_text(card, before.replace("\r\n", "\n"))
        except ValueError as error:
            raise BadStyleCard(self.path, f"it is not TOML ({error})") from error
        data = text.replace("\n", ends).encode("utf-8")
        if len(data) > MAX_FILE:
            raise StyleCardTooLarge(self.path, len(data))
        path.parent.mkdir(parents=True, exist_ok=True)
        write_in_place(path, data)


def _merged(last: StyleCard, card: StyleCard, there: StyleCard) -> StyleCard:
    """What a card and the one in the file came to since they were one; of a text that both changed, the card's."""
    merged: dict[str, Any] = {}
    for field in fields(StyleCard):
        base, mine, theirs = (getattr(each, field.name) for each in (last, card, there))
        if isinstance(mine, tuple):
            merged[field.name] = merged_list(base, mine, theirs)
        else:
            merged[field.name] = theirs if mine == base else mine
    return StyleCard(**merged)


def _set_aside(path: Path) -> Path | None:
    """Gives a file another name beside it; None where there is no file."""
    if not path.exists():
        return None
    kept = _claimed(path)
    try:
        replace(path, kept)
    except OSError:
        kept.unlink(missing_ok=True)
        raise
    return kept


def _claimed(path: Path) -> Path:
    """A name beside a file that nothing else has, for the file to take; an empty file holds it."""
    number = 1
    while True:
        name = path.with_name(f"{path.stem}.bad{f'-{number}' if number > 1 else ''}{path.suffix}")
        try:
            name.touch(exist_ok=False)
        except FileExistsError:
            number += 1
        else:
            return name
