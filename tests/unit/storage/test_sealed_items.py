"""What is kept sealed on this computer."""

from __future__ import annotations

import json
import stat
import sys
from pathlib import Path

import pytest

from cowrite.storage.errors import StorageFailed
from cowrite.storage.sealed_items import Gone, KeptItem, KeptItems, SealedItems, kept_at, wording

KEPT = KeptItems(
    (
        KeptItem("session:1", "note:2", {"text": "größer 👩‍👩‍👧", "x": 1.5}),
        KeptItem("session:1", "note:1", {"text": "one"}, is_delivered=True),
        KeptItem("poll:1", "ballot", {"dots": {"note:1": 2}}, earlier=frozenset({wording({}), wording({"text": "ä"})})),
    ),
    {
        ("session:1", "note:3"): Gone(frozenset({wording({"text": "two"})}), {"text": "two"}),
        ("poll:2", "ballot"): Gone(),
    },
)


def test_what_is_written_is_read_again_in_its_order(tmp_path: Path) -> None:
    file = SealedItems(tmp_path / "sealed" / "a.json")
    assert file.read() == KeptItems()
    file.write(KEPT)
    file.settle()
    assert SealedItems(tmp_path / "sealed" / "a.json").read() == KEPT


def test_the_version_before_reads_what_was_taken_back_and_is_read(tmp_path: Path) -> None:
    file = SealedItems(tmp_path / "a.json")
    file.write(KEPT)
    values = json.loads((tmp_path / "a.json").read_text())
    assert [(box, id) for box, id in values["gone"]] == sorted(KEPT.gone)
    before = {"box": "session:1", "id": "note:1", "fields": {"text": "one"}, "is_delivered": True}
    (tmp_path / "a.json").write_text(json.dumps({"items": [before], "gone": values["gone"]}))
    assert file.read() == KeptItems((KeptItem(**before),), dict.fromkeys(KEPT.gone, Gone()))


def test_where_nothing_is_left_there_is_no_file(tmp_path: Path) -> None:
    file = SealedItems(tmp_path / "a.json")
    file.write(KEPT)
    file.write(KeptItems())
    file.settle()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps others out by the folder's rights")
def test_nobody_else_may_read_it(tmp_path: Path) -> None:
    file = SealedItems(tmp_path / "sealed" / "a.json")
    file.write(KEPT)
    assert stat.S_IMODE((tmp_path / "sealed" / "a.json").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "sealed").stat().st_mode) == 0o700


@pytest.mark.parametrize("broken", ["{", "[]", '{"items": [{}]}', '{"items": 7}', '{"items": [], "gone": [["x"]]}'])
def test_a_broken_file_is_kept_aside(tmp_path: Path, broken: str) -> None:
    (tmp_path / "a.json").write_text(broken)
    kept = SealedItems(tmp_path / "a.json").read()
    (aside,) = tmp_path.iterdir()
    assert kept == KeptItems(kept_aside=aside)
    assert aside.name.startswith("a.json.broken-")
    assert aside.read_text() == broken


def test_what_could_not_be_read_is_kept_aside_before_anything_takes_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    SealedItems(tmp_path / "a.json").write(KEPT)
    file = SealedItems(tmp_path / "a.json")

    def fail(*_: object) -> None:
        raise PermissionError(13, "another program has it")

    monkeypatch.setattr(Path, "read_bytes", fail)
    with pytest.raises(StorageFailed):
        file.read()
    monkeypatch.undo()
    file.write(KeptItems(KEPT.items[:1]))
    assert file.read() == KeptItems(KEPT.items[:1])
    (aside,) = tmp_path.glob("a.json.broken-*")
    assert SealedItems(aside).read() == KEPT


def test_a_write_that_fails_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = SealedItems(tmp_path / "a.json")
    file.write(KEPT)

    def fail(*_: object) -> None:
        raise OSError(5, "it is worn out")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(StorageFailed):
        file.write(KeptItems(KEPT.items[:1]))
    monkeypatch.undo()
    assert file.read() == KEPT
    assert len(list(tmp_path.iterdir())) == 1


def test_each_document_has_a_file_of_its_own(tmp_path: Path) -> None:
    assert kept_at(tmp_path, "one").parent == tmp_path
    assert kept_at(tmp_path, "one") != kept_at(tmp_path, "../two")
