"""Damaged files open, keep every row that is sound, and say what is missing."""

from __future__ import annotations

import random
import re
import shutil
from itertools import count
from pathlib import Path

import pytest

from cowrite.storage.document.document_file import DocumentFile
from cowrite.storage.document.reading import DocumentReader
from cowrite.storage.errors import NotADocument
from cowrite.storage.layout import PAGE_SIZE, Property
from helpers.seeds import seeds

PICTURE = random.Random(7).randbytes(30_000)
UPDATES = [b"update %04d " % number + random.Random(number).randbytes(number % 300) for number in range(400)]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed document: a hundred updates, a picture, three hundred updates, one a minute."""
    moments = count(1_790_000_000_000, 60_000)
    path = tmp_path_factory.mktemp("made") / "Plan.cowrite"
    with DocumentFile.create(path, clock=lambda: next(moments)) as file:
        file.properties.set_all({"link": "wss://team.example/plan", "epoch": "e1", "text": "words"})
        for number, update in enumerate(UPDATES):
            file.append([update])
            if number == 100:
                file.put_blob(PICTURE, "image/png")
    return path


@pytest.fixture
def plan(made: Path, tmp_path: Path) -> Path:
    """The same document, to be damaged."""
    return Path(shutil.copy(made, tmp_path))


def crashed(file: DocumentFile, folder: Path, *, with_shared_memory: bool = True) -> Path:
    """A copy of an open document's files, as kill -9 leaves them."""
    folder.mkdir()
    for ending in ("", "-wal", "-shm") if with_shared_memory else ("", "-wal"):
        shutil.copy(f"{file.path}{ending}", folder)
    return folder / file.path.name


def page_with(path: Path, content: bytes) -> int:
    """Number, from 0, of the page that holds some bytes."""
    return path.read_bytes().index(content) // PAGE_SIZE


def overwrite(path: Path, offset: int, data: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(data)


def test_the_damaged_file_is_kept_beside_the_repaired_one(plan: Path, clock) -> None:
    overwrite(plan, 4 * PAGE_SIZE, bytes(PAGE_SIZE))
    damaged = plan.read_bytes()
    with DocumentFile.open(plan, clock=clock) as file:
        original = file.load().damaged_original
    assert original is not None
    assert re.fullmatch(r"Plan\.damaged-\d{8}-\d{6}\.cowrite", original.name)
    assert original.parent == plan.parent
    assert original.read_bytes() == damaged
    assert sorted(path.name for path in plan.parent.iterdir()) == ["Plan.cowrite", original.name]


def test_a_document_whose_index_alone_is_damaged_opens_with_all_that_is_in_it(plan: Path, clock) -> None:
    first = b"document_id"  # the first name that there was stands at the end of the index's page
    at = next(
        end for end in range(PAGE_SIZE, plan.stat().st_size, PAGE_SIZE) if plan.read_bytes()[:end].endswith(first)
    )
    overwrite(plan, at - 2, bytes(2))
    with DocumentFile.open(plan, clock=clock) as file:
        assert dict(file.properties)["text"] == "words"
        assert list(file.load().state) == UPDATES


def test_the_log_beside_a_document_is_not_taken_from_it_by_whoever_opens_that(
    plan: Path, tmp_path: Path, clock
) -> None:
    with DocumentFile.open(plan, clock=clock) as file:
        file.append([b"the newest words"])
        left = crashed(file, tmp_path / "crashed")
    with pytest.raises(NotADocument):
        DocumentFile.open(left.with_name(f"{left.name}-wal"), clock=clock)
    with DocumentFile.open(left, clock=clock) as file:
        assert file.load().state[-1] == b"the newest words"


def test_what_is_missing_is_said_until_somebody_has_read_it(plan: Path, clock) -> None:
    overwrite(plan, page_with(plan, UPDATES[200]) * PAGE_SIZE, bytes(PAGE_SIZE))
    with DocumentFile.open(plan, clock=clock) as file:
        missing = file.load().missing
        assert missing
    with DocumentFile.open(plan, clock=clock) as file:
        assert file.load().missing == missing
        assert file.load().damaged_original is not None
        file.forget_missing()
    with DocumentFile.open(plan, clock=clock) as file:
        assert file.load().missing == ()
        assert file.load().damaged_original is None
    assert len(list(plan.parent.iterdir())) == 2


def test_lost_edits_are_counted_and_dated(plan: Path, clock) -> None:
    page = page_with(plan, UPDATES[200])
    data = plan.read_bytes()
    lost = [n for n, update in enumerate(UPDATES) if data.index(update) // PAGE_SIZE == page]
    overwrite(plan, page * PAGE_SIZE, bytes(PAGE_SIZE))
    with DocumentFile.open(plan, clock=clock) as file:
        loaded = file.load()
    assert loaded.state == tuple(update for n, update in enumerate(UPDATES) if n not in lost)
    assert re.fullmatch(
        rf"{len(lost)} of 400 edits, made between \d{{4}}-\d\d-\d\d \d\d:\d\d and \d{{4}}-\d\d-\d\d \d\d:\d\d",
        loaded.missing[0],
    )
    assert "until they come back from the server" in loaded.missing[1]


def test_a_file_without_its_end_keeps_its_beginning(plan: Path, clock) -> None:
    cut = plan.read_bytes().index(UPDATES[250])
    with plan.open("r+b") as file:
        file.truncate(cut)
    with DocumentFile.open(plan, clock=clock) as document:
        loaded = document.load()
        kept = [n for n, update in enumerate(UPDATES) if update in loaded.state]
        assert len(kept) >= 200
        assert re.match(rf"{400 - len(kept)} of 400 edits, made ", loaded.missing[0])


def test_a_lost_picture_is_named(plan: Path, clock) -> None:
    overwrite(plan, plan.read_bytes().index(PICTURE[10_000:10_100]), b"\xff" * 50)
    with DocumentFile.open(plan, clock=clock) as file:
        loaded = file.load()
        assert file.blobs() == ()
        assert loaded.state == tuple(UPDATES)
        assert re.match(r"1 of 1 images: the PNG image of 30 kB added \d{4}-\d\d-\d\d ", loaded.missing[0])
        assert len(loaded.missing) == 1
        name = file.put_blob(PICTURE, "image/png")
    with DocumentFile.open(plan, clock=clock) as file:
        assert file.blob(name) is not None


def test_a_picture_survives_whatever_happens_to_the_rest(plan: Path, clock) -> None:
    overwrite(plan, 0, bytes(PAGE_SIZE))
    overwrite(plan, page_with(plan, UPDATES[300]) * PAGE_SIZE, bytes(PAGE_SIZE))
    with DocumentFile.open(plan, clock=clock) as file:
        (entry,) = file.blobs()
        blob = file.blob(entry.name)
        assert blob is not None
        assert blob.data == PICTURE


@pytest.mark.parametrize("header", [bytes(100), b"\xff" * 100, random.Random(3).randbytes(PAGE_SIZE)])
def test_a_file_whose_header_is_gone_loses_nothing(plan: Path, clock, header: bytes) -> None:
    overwrite(plan, 0, header)
    with DocumentFile.open(plan, clock=clock) as file:
        assert file.load().state == tuple(UPDATES)
        assert file.load().missing == ()
        assert file.properties["link"] == "wss://team.example/plan"


def test_a_header_that_claims_a_newer_format_or_another_program_is_repaired(plan: Path, clock) -> None:
    for offset, claim in ((60, b"\0\0\0\x63"), (68, b"mozi")):
        overwrite(plan, offset, claim)
        with DocumentFile.open(plan, clock=clock) as file:
            assert file.load().state == tuple(UPDATES)
            assert file.load().missing == ()


def test_a_damaged_snapshot_loses_nothing(tmp_path: Path, clock, author, read) -> None:
    with DocumentFile.create(tmp_path / "Plan.cowrite", clock=clock) as file:
        for word in ("one ", "two ", "three "):
            for letter in word:
                file.append(author.types(letter))
            file.write_snapshot(author.state, keep=0)
        file.append(author.types("four"))
        newest = file.load().state[0]
    offset = file.path.read_bytes().rindex(newest[-30:])
    overwrite(file.path, offset, b"\xaa\xaa\xaa")
    with DocumentFile.open(file.path, clock=clock) as file:
        assert read(file.load().state) == "one two three four"
        assert file.load().missing == ()


def test_a_lost_snapshot_is_said_and_what_came_after_it_is_kept(tmp_path: Path, clock, author) -> None:
    with DocumentFile.create(tmp_path / "Plan.cowrite", clock=clock) as file:
        for _ in range(2):
            file.append(author.types("x" * 5000))
            file.write_snapshot(author.state, keep=0)
        for _ in range(2):
            file.append(author.types("y"))
            file.write_snapshot(author.state, keep=0)
        later = author.types("z")
        file.append(later)
    data = file.path.read_bytes()
    for match in re.finditer(b"x{20}", data):
        overwrite(file.path, match.start(), b"Q")
    with DocumentFile.open(file.path, clock=clock) as file:
        assert set(later) <= set(file.load().state)
        assert re.match(r"[34] of 5 edits, made before ", file.load().missing[0])
        assert "is kept in the file but not shown" in file.load().missing[1]


def test_a_document_whose_identity_is_lost_joins_no_room(plan: Path, clock) -> None:
    data = plan.read_bytes()
    for match in re.finditer(rb"document_id", data):
        overwrite(plan, match.start(), b"DOCUMENT_ID")
    with DocumentFile.open(plan, clock=clock) as file:
        assert len(file.properties[Property.DOCUMENT_ID]) == 32
        assert "link" not in file.properties
        assert file.load().state == tuple(UPDATES)
        assert any("its identity" in item for item in file.load().missing)


def test_a_document_that_forgot_its_epoch_joins_no_room(plan: Path, clock) -> None:
    data = plan.read_bytes()
    for match in re.finditer(rb"epoch.{0,3}\"e1\"", data):
        overwrite(plan, match.start(), b"EPOCH")
    with DocumentFile.open(plan, clock=clock) as file:
        assert "link" not in file.properties
        assert any("not shared any more" in item for item in file.load().missing)


@pytest.mark.parametrize("size", [0, 1, 15, 60, 99])
def test_a_file_of_which_nothing_is_left_opens_empty_and_says_so(plan: Path, clock, size: int) -> None:
    with plan.open("r+b") as file:
        file.truncate(size)
    with DocumentFile.open(plan, clock=clock) as document:
        assert document.load().state == ()
        assert document.load().missing == ("Nothing of the document could be read",)
        document.append([b"a new start"])


def test_a_file_full_of_zeros_opens_empty_and_says_so(plan: Path, clock) -> None:
    plan.write_bytes(bytes(len(plan.read_bytes())))
    with DocumentFile.open(plan, clock=clock) as document:
        assert document.load().missing == ("Nothing of the document could be read",)


def test_noise_is_no_document(plan: Path, clock) -> None:
    noise = random.Random(5).randbytes(100_000)
    plan.write_bytes(noise)
    with pytest.raises(NotADocument):
        DocumentFile.open(plan, clock=clock)
    assert plan.read_bytes() == noise
    assert len(list(plan.parent.iterdir())) == 1


def test_a_lost_write_ahead_log_is_said(document: DocumentFile, tmp_path: Path) -> None:
    document.append([b"in the log only"])
    path = crashed(document, tmp_path / "crash")
    Path(f"{path}-wal").unlink()
    with DocumentFile.open(path) as file:
        assert file.load().behind.startswith("What was written after ")
        assert file.load().missing == file.load().state == ()
        file.forget_missing()
    with DocumentFile.open(path) as file:
        assert file.load().behind == ""


@pytest.mark.parametrize("seed", seeds(5))
def test_a_flipped_byte_in_the_write_ahead_log_takes_no_sound_edit(document, tmp_path, clock, seed: int) -> None:
    chance = random.Random(seed)
    for update in UPDATES[:30]:
        document.append([update])
    path = crashed(document, tmp_path / "crash", with_shared_memory=chance.random() < 0.5)
    wal = Path(f"{path}-wal")
    data = wal.read_bytes()
    place = chance.randrange(len(data))
    overwrite(wal, place, bytes([data[place] ^ 1 << chance.randrange(8)]))
    damaged = wal.read_bytes()
    with DocumentFile.open(path, clock=clock) as file:
        loaded = file.load()
    lost = set(UPDATES[:30]) - set(loaded.state)
    assert lost <= {update for update in UPDATES[:30] if update not in damaged}
    assert bool(lost) <= bool(loaded.missing)
    if loaded.damaged_original:
        assert Path(f"{loaded.damaged_original}-wal").read_bytes() == damaged


@pytest.mark.parametrize("seed", seeds(5))
def test_a_write_ahead_log_that_is_cut_keeps_what_is_before_the_cut(document, tmp_path, clock, seed: int) -> None:
    chance = random.Random(seed)
    sizes = []
    wal = Path(f"{document.path}-wal")
    for update in UPDATES[:30]:
        document.append([update])
        sizes.append(wal.stat().st_size)
    path = crashed(document, tmp_path / "crash")
    cut = chance.choice((chance.randrange(sizes[-1]), sizes[chance.randrange(29)]))
    with Path(f"{path}-wal").open("r+b") as file:
        file.truncate(cut)
    with DocumentFile.open(path, clock=clock) as document:
        loaded = document.load()
    complete = [update for update, size in zip(UPDATES[:30], sizes, strict=True) if size <= cut]
    assert loaded.state[: len(complete)] == tuple(complete)
    assert loaded.missing


def test_a_damaged_document_can_be_read_without_being_changed(plan: Path) -> None:
    overwrite(plan, page_with(plan, UPDATES[200]) * PAGE_SIZE, bytes(PAGE_SIZE))
    before = plan.read_bytes()
    with DocumentReader(plan) as reader:
        assert len(reader.load().state) > 300
        assert reader.load().missing
        assert reader.properties["text"] == "words"
    assert plan.read_bytes() == before
    assert len(list(plan.parent.iterdir())) == 1


def test_a_repaired_document_is_as_good_as_any(plan: Path, clock) -> None:
    overwrite(plan, page_with(plan, UPDATES[200]) * PAGE_SIZE, bytes(PAGE_SIZE))
    with DocumentFile.open(plan, clock=clock) as file:
        file.append([b"more"])
        file.properties["title"] = "Mended"
    with DocumentFile.open(plan, clock=clock) as file:
        assert file.load().state[-1] == b"more"
        assert file.properties["title"] == "Mended"
    assert len(list(plan.parent.iterdir())) == 2


def test_a_picture_that_holds_a_document_never_becomes_part_of_this_one(plan: Path, tmp_path: Path, clock) -> None:
    with DocumentFile.create(tmp_path / "Trojan.cowrite", clock=clock) as trojan:
        trojan.append([b"planted"])
        trojan.properties["link"] = "wss://evil.example/"
    bait = trojan.path.read_bytes()
    with DocumentFile.open(plan, clock=clock) as file:
        file.put_blob(bait, "image/png")
    overwrite(plan, page_with(plan, UPDATES[200]) * PAGE_SIZE, bytes(PAGE_SIZE))
    with DocumentFile.open(plan, clock=clock) as file:
        assert b"planted" not in file.load().state
        assert file.properties["link"] == "wss://team.example/plan"
