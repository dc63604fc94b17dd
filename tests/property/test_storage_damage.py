"""Random documents, damaged at random: what is not touched is there, nothing is invented, what is gone is said.

The oracle knows nothing of SQLite: it looks for the bytes of each update in the undamaged file, and asks whether the
damage touched them or the few bytes around them that belong to the row.
"""

from __future__ import annotations

import random
import re
import tempfile
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cowrite.storage.document.carving import Pages, carved_rows
from cowrite.storage.document.document_file import DocumentFile
from cowrite.storage.layout import LogRow
from helpers.seeds import seeds

BEFORE, AFTER = 24, 16  # bytes of a row before its data (sizes, number, time) and after it (checksum)
LOCAL = 3900  # bytes that surely fit into one page with the rest of their row
DOCUMENTS = st.integers(0, 9)  # few, because every append waits for the disk
DAMAGES = ("cut", "flip", "zero a page", "zero a stretch", "noise", "shuffle")


@cache
def document(seed: int) -> tuple[bytes, tuple[bytes, ...]]:
    """A closed document of random updates and pictures, and its updates."""
    chance = random.Random(seed)
    updates: list[bytes] = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "Plan.cowrite"
        _write(path, chance, updates)
        return path.read_bytes(), tuple(updates)


def _write(path: Path, chance: random.Random, updates: list[bytes]) -> None:
    with DocumentFile.create(path, clock=lambda: 1_790_000_000_000 + 1_000 * len(updates)) as file:
        for number in range(chance.randint(0, 120)):
            size = chance.choice((8, 40, 40, 40, 300, 3000, 9000))
            update = b"%06d" % number + chance.randbytes(size)
            file.append([update])
            updates.append(update)
            if chance.random() < 0.03:
                file.put_blob(chance.randbytes(chance.choice((500, 20_000))), "image/png")


def damage(data: bytes, kind: str, chance: random.Random) -> bytes:
    changed = bytearray(data)
    page = 4096 * chance.randrange(len(data) // 4096)
    match kind:
        case "cut":
            return bytes(changed[: chance.randrange(len(data))])
        case "flip":
            for _ in range(chance.choice((1, 3, 30))):
                changed[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        case "zero a page":
            changed[page : page + 4096] = bytes(4096)
        case "zero a stretch":
            start = chance.randrange(len(data))
            length = len(changed[start : start + chance.randint(1, 20_000)])
            changed[start : start + length] = bytes(length)
        case "noise":
            start = chance.randrange(len(data))
            length = len(changed[start : start + chance.randint(1, 6_000)])
            changed[start : start + length] = chance.randbytes(length)
        case "shuffle":
            other = 4096 * chance.randrange(len(data) // 4096)
            changed[page : page + 4096], changed[other : other + 4096] = (
                changed[other : other + 4096],
                changed[page : page + 4096],
            )
    return bytes(changed)


def is_untouched(update: bytes, before: bytes, after: bytes) -> bool:
    """Whether some copy of the update's row is still where it was, byte for byte."""
    at = before.find(update)
    while at >= 0:
        row = slice(at - BEFORE, at + len(update) + AFTER)
        if before[row] == after[row]:
            return True
        at = before.find(update, at + 1)
    return False


def says_what_is_lost(missing: tuple[str, ...], lost: int, of: int) -> bool:
    """Whether the sentences about a damage name how many edits it took: the number, or less where it is not known."""
    if any(sentence.startswith(("Nothing of", "an unknown number of edits")) for sentence in missing):
        at_least = re.match(r"at least ([\d,]+) edits?\b", missing[0])
        return at_least is None or int(at_least[1].replace(",", "")) <= lost
    return missing[0].startswith((f"{lost} of {of} edits", "its only edit"))


@pytest.mark.parametrize("kind", DAMAGES)
@settings(max_examples=len(seeds(6)), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(which=DOCUMENTS, seed=st.integers(0, 2**32))
@example(which=1, seed=157258325)  # of flipped bytes: the newest edits are gone, and so is their count
@example(which=9, seed=25)  # noise in the schema: SQLite quotes it, and CPython cannot decode the quotation
def test_a_damaged_document_keeps_all_that_is_sound_and_says_what_is_gone(kind: str, which: int, seed: int) -> None:
    before, updates = document(which)
    after = damage(before, kind, random.Random(seed))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "Plan.cowrite"
        path.write_bytes(after)
        with DocumentFile.open(path, clock=lambda: 1_800_000_000_000) as file:
            loaded = file.load()
        sound = [update for update in updates if len(update) <= LOCAL and is_untouched(update, before, after)]
        assert set(sound) <= set(loaded.state)
        assert set(loaded.state) <= set(updates)
        assert list(loaded.state) == [update for update in updates if update in set(loaded.state)]
        lost = len(updates) - len(loaded.state)
        assert bool(lost) <= bool(loaded.missing)
        if loaded.missing and lost:
            assert says_what_is_lost(loaded.missing, lost, len(updates)), loaded.missing
        if loaded.damaged_original:
            assert loaded.damaged_original.read_bytes() == after
        else:
            assert not loaded.missing
        mended = path.read_bytes()
        with DocumentFile.open(path) as again:
            assert again.load() == loaded
        assert path.read_bytes() == mended


@given(which=DOCUMENTS)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_row_can_be_read_from_the_pages_alone(which: int) -> None:
    data, updates = document(which)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "Plan.cowrite"
        path.write_bytes(data)
        with Pages(path) as pages:
            rows = list(carved_rows(pages))
    assert {row.data for row in rows if isinstance(row, LogRow)} == set(updates)
