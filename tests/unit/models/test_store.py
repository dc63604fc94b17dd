"""The folder of models: what is taken in, looked after and removed."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from cowrite.models.errors import (
    BadModel,
    Cancelled,
    ModelBusy,
    ModelGone,
    ModelLoaded,
    NoRoom,
    UnknownModel,
    WrongHash,
)
from cowrite.models.store import ModelStore
from cowrite.models.stored_model import State
from cowrite.storage.errors import DiskFull
from helpers.gguf_files import gguf, keys_of_a_model, write_gguf


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    return ModelStore(tmp_path / "data" / "models")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write_gguf(tmp_path / "Little Writer.gguf")


def names(store: ModelStore) -> list[str]:
    return sorted(path.name for path in store.folder.iterdir())


def test_a_file_that_is_added_stays_where_it_is(store: ModelStore, file: Path) -> None:
    model = store.add(file)
    assert (model.id, model.title, model.path, model.is_own) == ("little-writer", "Little", file, False)
    assert model.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert store.models() == [model]
    assert names(store) == ["little-writer.json"]


def test_a_file_that_is_copied_is_the_folders_own(store: ModelStore, file: Path) -> None:
    model = store.add(file, copy=True, title="My writer")
    assert (model.title, model.path, model.is_own) == ("My writer", store.folder / "little-writer.gguf", True)
    assert model.path.read_bytes() == file.read_bytes()
    assert names(store) == ["little-writer.gguf", "little-writer.json"]


def test_a_folder_that_was_moved_keeps_its_models(store: ModelStore, file: Path, tmp_path: Path) -> None:
    store.add(file, copy=True)
    moved = ModelStore(store.folder.rename(tmp_path / "elsewhere"))
    assert moved.get("little-writer").state is State.PRESENT


def test_the_same_file_is_taken_in_once_and_another_of_its_name_gets_a_number(
    store: ModelStore, file: Path, tmp_path: Path
) -> None:
    first = store.add(file)
    assert store.add(file) == first
    other = write_gguf(tmp_path / "little-writer.gguf", keys_of_a_model(general__name="Other"))
    assert store.add(other).id == "little-writer-2"


def test_a_copy_whose_record_was_not_written_any_more_is_taken_in_and_another_file_left_alone(
    store: ModelStore, file: Path
) -> None:
    store.add(file, copy=True)
    (store.folder / "little-writer.json").unlink()  # as where the process was killed before
    assert store.add(file, copy=True).id == "little-writer"
    (store.folder / "little-writer.json").unlink()
    other = write_gguf(file, keys_of_a_model(general__name="Another"))
    assert store.add(other, copy=True).id == "little-writer-2"
    assert names(store) == ["little-writer-2.gguf", "little-writer-2.json", "little-writer.gguf"]


def test_of_two_that_take_in_files_of_one_name_at_once_none_takes_the_place_of_the_other(
    store: ModelStore, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder := file.parent / "other").mkdir()
    other = write_gguf(folder / file.name, keys_of_a_model(general__name="Another"))
    lock = ModelStore.lock

    def later(self: ModelStore, id: str, title: str) -> object:
        monkeypatch.undo()
        quicker = self.add(other)
        assert quicker.id == id
        return lock(self, id, title)

    monkeypatch.setattr(ModelStore, "lock", later)
    with pytest.raises(ModelBusy):
        store.add(file)
    assert [model.path for model in store.models()] == [other]


def test_a_model_that_is_there_already_can_still_be_copied_and_called_otherwise(store: ModelStore, file: Path) -> None:
    linked = store.add(file)
    called = store.add(file, title="My writer")
    assert called == replace(linked, title="My writer")
    copied = store.add(file, copy=True)
    assert (copied.id, copied.title, copied.is_own) == ("little-writer", "My writer", True)
    assert copied.path.read_bytes() == file.read_bytes()
    assert store.models() == [copied]
    assert store.add(file, copy=True) == store.add(file) == copied


def test_a_bad_file_is_refused_and_leaves_nothing(store: ModelStore, tmp_path: Path) -> None:
    bad = tmp_path / "bad.gguf"
    bad.write_bytes(gguf()[:-1])
    for copy in (False, True):
        with pytest.raises(BadModel, match="cut off"):
            store.add(bad, copy=copy)
    assert store.models() == []
    assert not store.folder.exists()


def test_the_home_of_nobody_is_no_place_of_a_file(store: ModelStore) -> None:
    with pytest.raises(BadModel, match="cannot be read"):
        store.add(Path("~nobody-of-this-name/little.gguf"))


def test_a_model_is_told_from_one_that_changed_and_one_that_is_gone(store: ModelStore, file: Path) -> None:
    model = store.add(file)
    assert model.state is State.PRESENT
    file.write_bytes(file.read_bytes() + b"x")
    assert model.state is State.CHANGED
    with pytest.raises(WrongHash, match="SHA-256"):
        store.verify("little-writer")
    file.unlink()
    assert model.state is State.GONE
    with pytest.raises(ModelGone, match="not there any more"):
        store.verify("little-writer")


def test_one_bit_that_turned_is_found_by_verifying(store: ModelStore, file: Path) -> None:
    model = store.add(file, copy=True)
    content = bytearray(model.path.read_bytes())
    content[-1] ^= 1
    model.path.write_bytes(content)
    os.utime(model.path, ns=(model.modified, model.modified))
    assert model.state is State.PRESENT  # size and time do not tell
    with pytest.raises(WrongHash):
        store.verify(model.id)


def test_a_file_that_was_only_touched_is_sound_and_present_again(store: ModelStore, file: Path) -> None:
    model = store.add(file)
    os.utime(file, ns=(1, 1))
    assert model.state is State.CHANGED
    store.verify(model.id)
    assert store.get(model.id).state is State.PRESENT


def test_what_is_done_to_a_model_while_it_is_verified_stays(store: ModelStore, file: Path) -> None:
    store.add(file)
    os.utime(file)
    with pytest.raises(UnknownModel):
        store.verify("little-writer", report=lambda _progress: store.remove("little-writer"))
    assert names(store) == []


def test_removing_deletes_what_is_the_folders_own_and_only_forgets_the_rest(store: ModelStore, file: Path) -> None:
    own, linked = store.add(file, copy=True), store.folder
    store.remove(own.id)
    assert names(store) == []
    store.add(file)
    store.remove("little-writer")
    assert file.exists()
    assert linked.exists()
    with pytest.raises(UnknownModel, match="There is no model “little-writer”"):
        store.remove("little-writer")


def test_a_model_that_windows_does_not_delete_because_it_is_loaded_is_one_still(
    store: ModelStore, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = store.add(file, copy=True)
    delete = Path.unlink

    def refused(path: Path, *, missing_ok: bool = False) -> None:
        if path == own.path:
            raise PermissionError(13, "another process has it open", str(path))
        delete(path, missing_ok=missing_ok)

    with monkeypatch.context() as windows:
        windows.setattr(Path, "unlink", refused)
        windows.setattr(sys, "platform", "win32")
        with pytest.raises(ModelLoaded, match="or turn the assistant off, then remove it"):
            store.remove(own.id)
    assert store.get(own.id) == own
    store.remove(own.id)
    assert names(store) == []


@pytest.mark.parametrize("name", ["..", "../models/little", "", "a/b", "LITTLE"])
def test_a_name_that_is_none_is_unknown(store: ModelStore, file: Path, name: str) -> None:
    store.add(file)
    with pytest.raises(UnknownModel):
        store.get(name)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"id": 1}', '"x"', "null", '{"is_own": true, "path": "x"}'])
def test_a_record_that_cannot_be_read_is_none(store: ModelStore, file: Path, content: str) -> None:
    model = store.add(file)
    (store.folder / "broken.json").write_text(content, encoding="utf-8")
    assert store.models() == [model]


def test_a_record_of_the_folders_own_never_leads_out_of_it(store: ModelStore, file: Path) -> None:
    model = store.add(file, copy=True)
    record = store.folder / f"{model.id}.json"
    plain = json.loads(record.read_text())
    record.write_text(json.dumps({**plain, "path": "/etc/passwd", "id": "../x"}))
    assert store.get(model.id).path == store.path_of(model.id)
    assert store.get(model.id).id == model.id


def test_a_copy_that_is_ended_leaves_nothing(store: ModelStore, file: Path) -> None:
    with pytest.raises(Cancelled):
        store.add(file, copy=True, is_cancelled=iter([False, True]).__next__)
    assert [name for name in names(store) if not name.startswith(".")] == []


def test_two_clients_do_not_change_one_model_at_once(store: ModelStore, file: Path) -> None:
    store.add(file)
    with store.lock("little-writer", "Little"), pytest.raises(ModelBusy, match="Another cowrite"):
        store.remove("little-writer")
    store.remove("little-writer")


def test_a_disk_without_room_is_said_before(store: ModelStore, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(file.parent)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=1000))
    with pytest.raises(NoRoom, match="There is no room") as refused:
        store.add(file, copy=True)
    assert refused.value.free == 1000
    assert store.models() == []


def test_a_file_of_another_disk_is_copied_and_not_renamed(store: ModelStore, small_disk: Path) -> None:
    file = write_gguf(small_disk / "little.gguf")
    model = store.add(file, copy=True)
    assert file.exists()
    assert model.path.stat().st_dev != file.stat().st_dev
    assert store.verify(model.id) == model


def test_a_disk_that_fills_up_meanwhile_is_said_and_nothing_is_left(
    small_disk: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = ModelStore(small_disk / "models")
    monkeypatch.setattr(ModelStore, "check_room", lambda self, title, needed: None)
    store.folder.mkdir()
    with (small_disk / "ballast").open("wb", buffering=0) as ballast, contextlib.suppress(OSError):
        while ballast.write(bytes(4096)):
            pass
    with pytest.raises(DiskFull, match="no room left"):
        store.add(file, copy=True)
    assert store.models() == []
    assert not list(small_disk.rglob("*.part"))
