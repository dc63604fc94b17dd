"""Fetching a model over a server that plays the hub."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from huggingface_hub import constants
from huggingface_hub.utils import _detect_agent

from cowrite.models.catalogue import HubSource
from cowrite.models.download import TELLING, TELLING_PAUSE, TIMEOUT
from cowrite.models.errors import BadModel, Cancelled, ModelBusy, ModelError, NoRoom, NotFetched, WrongHash
from cowrite.models.progress import Progress
from cowrite.models.pull import Puller
from cowrite.models.store import ModelStore
from cowrite.models.stored_model import State
from cowrite.storage.errors import DiskFull
from helpers.hub_server import Hub, serving
from helpers.little_model import CONTENT, SHA256, entry_for, nothing_is_loadable

THIRD = len(CONTENT) * 3 // 10
ENTRY = entry_for(CONTENT, HubSource("somebody/little", "main", "little.gguf"))


@pytest.fixture
def hub() -> Iterator[Hub]:
    with serving(Hub(CONTENT)) as hub:
        yield hub


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def puller(store: ModelStore, hub: Hub, pauses: list[float]) -> Puller:
    return Puller(store, hub.address, pauses.append)


def parts(store: ModelStore) -> list[Path]:
    return list(store.folder.glob("*.part"))


def test_a_model_of_the_hub_is_fetched_with_its_progress(puller: Puller, store: ModelStore, hub: Hub) -> None:
    seen: list[Progress] = []
    model = puller.pull(ENTRY, seen.append)
    assert model.path.read_bytes() == CONTENT
    assert (model.title, model.licence, model.sha256) == ("Little", "MIT", SHA256)
    assert seen[-1] == Progress(len(CONTENT), len(CONTENT), "Fetching")
    assert [step.done for step in seen] == sorted({step.done for step in seen})
    assert parts(store) == []
    assert puller.pull(ENTRY) == model
    assert hub.ranges == [""]  # the second time nothing was fetched


def test_the_hub_is_not_asked_which_programs_there_are_nor_told_which_one_asks(
    puller: Puller, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_TELEMETRY", False)
    monkeypatch.setattr(constants, "AGENT_HARNESSES_PATH", str(tmp_path / "harnesses"))
    monkeypatch.setattr(_detect_agent, "_registry", None)
    monkeypatch.setattr(_detect_agent, "_fetch_registry", lambda: asked.append("the hub"))
    puller.pull(ENTRY)
    assert asked == []


def test_a_connection_that_ends_is_made_again_from_there(puller: Puller, hub: Hub, pauses: list[float]) -> None:
    hub.stops = [THIRD, THIRD]
    assert puller.pull(ENTRY).sha256 == SHA256
    assert hub.ranges == ["", f"bytes={THIRD}-", f"bytes={2 * THIRD}-"]
    assert sum(pauses) == 2.0


def test_a_server_that_sends_little_each_time_is_asked_for_the_rest_until_it_is_whole(
    puller: Puller, hub: Hub, pauses: list[float]
) -> None:
    little = 200_000
    hub.stops = [little] * (len(CONTENT) // little)
    assert puller.pull(ENTRY).sha256 == SHA256
    assert hub.ranges == ["", *(f"bytes={at}-" for at in range(little, len(CONTENT), little))]
    assert sum(pauses) == len(hub.ranges) - 1


def test_a_server_that_begins_anew_each_time_is_given_up(puller: Puller, hub: Hub) -> None:
    hub.stops, hub.shifts_ranges = [THIRD] * 100, True
    with pytest.raises(NotFetched, match="could not be fetched"):
        puller.pull(ENTRY)
    assert len(hub.ranges) < 10


def test_a_line_on_which_hardly_anything_comes_is_ended_at_once_and_what_came_stays(
    puller: Puller, store: ModelStore, hub: Hub
) -> None:
    hub.stalls_after = 10_000
    seen: list[Progress] = []
    begin = time.monotonic()
    with pytest.raises(Cancelled):
        puller.pull(ENTRY, seen.append, lambda: bool(seen))
    assert time.monotonic() - begin < TIMEOUT
    (part,) = parts(store)
    assert 0 < seen[-1].done == part.stat().st_size <= 10_000


def test_progress_is_told_now_and_then_and_not_for_each_piece(puller: Puller) -> None:
    seen: list[Progress] = []
    begin = time.monotonic()
    puller.pull(ENTRY, seen.append)
    assert len(seen) <= 2 + len(CONTENT) / TELLING + (time.monotonic() - begin) / TELLING_PAUSE


@pytest.mark.parametrize("address", ["https://a..b/", f"https://{'a' * 64}.org/", "https://[bad/", "https://a b:c/"])
def test_a_hub_that_sends_to_an_address_that_is_none_is_said_in_a_sentence(
    puller: Puller, store: ModelStore, hub: Hub, address: str
) -> None:
    hub.elsewhere = address
    with pytest.raises(NotFetched, match="“Little” could not be fetched") as refused:
        puller.pull(ENTRY)
    assert "\n" not in str(refused.value)
    assert nothing_is_loadable(store)


def test_a_server_that_never_sends_anything_is_given_up(puller: Puller, store: ModelStore, hub: Hub) -> None:
    hub.statuses = [503] * 5
    with pytest.raises(NotFetched, match="answered 503"):
        puller.pull(ENTRY)
    assert nothing_is_loadable(store)


def test_what_was_ended_is_gone_on_with(puller: Puller, store: ModelStore, hub: Hub) -> None:
    with pytest.raises(Cancelled):
        puller.pull(ENTRY, is_cancelled=iter([False, False, False, True]).__next__)
    (part,) = parts(store)
    there = part.stat().st_size
    assert 0 < there < len(CONTENT)
    assert nothing_is_loadable(store)
    assert puller.pull(ENTRY).sha256 == SHA256
    assert hub.ranges == ["", f"bytes={there}-"]


def test_whoever_ends_a_download_waits_for_no_other_try(puller: Puller, hub: Hub, pauses: list[float]) -> None:
    hub.statuses = [503] * 5
    with pytest.raises(Cancelled):
        puller.pull(ENTRY, is_cancelled=lambda: bool(pauses))
    assert sum(pauses) < 0.5


def write_part(store: ModelStore, content: bytes, sha256: str = SHA256) -> Path:
    store.folder.mkdir(parents=True, exist_ok=True)
    part = store.folder / f"little~{sha256[:16]}.part"
    part.write_bytes(content)
    return part


def test_failure_3_a_download_is_never_loadable_by_half(puller: Puller, store: ModelStore, hub: Hub) -> None:
    """200 to a request for a piece, another piece, a part that is not of this file, more than the file: all whole."""
    write_part(store, CONTENT[:THIRD])
    hub.ignores_ranges = True
    model = puller.pull(ENTRY)
    assert hub.ranges == [f"bytes={THIRD}-"]
    assert model.path.read_bytes() == CONTENT  # not a byte was appended to the third
    store.remove("little")

    hub.ignores_ranges, hub.shifts_ranges = False, True
    write_part(store, CONTENT[:THIRD])
    assert puller.pull(ENTRY).path.read_bytes() == CONTENT
    assert hub.ranges[-2:] == [f"bytes={THIRD}-", ""]
    store.remove("little")

    hub.shifts_ranges = False
    write_part(store, CONTENT + b"more")
    assert puller.pull(ENTRY).path.read_bytes() == CONTENT
    store.remove("little")

    write_part(store, bytes(THIRD))
    hub.statuses = [416]  # there is no such piece, so it is of no such file
    assert puller.pull(ENTRY).path.read_bytes() == CONTENT
    assert hub.ranges[-2:] == [f"bytes={THIRD}-", ""]
    store.remove("little")

    part = write_part(store, bytes(THIRD))
    with pytest.raises(WrongHash, match="What was fetched is deleted"):
        puller.pull(ENTRY)
    assert not part.exists()
    assert nothing_is_loadable(store)
    assert puller.pull(ENTRY).sha256 == SHA256


def test_failure_3_a_wrong_hash_is_kept_out_and_said(puller: Puller, store: ModelStore, hub: Hub) -> None:
    hub.content = CONTENT[:-1] + b"\x01"
    with pytest.raises(WrongHash, match="SHA-256") as refused:
        puller.pull(ENTRY)
    assert refused.value.expected == SHA256
    assert parts(store) == []
    assert nothing_is_loadable(store)


def test_a_hub_that_has_another_file_than_the_catalogue_is_not_asked_for_it(puller: Puller, hub: Hub) -> None:
    hub.etag = "0" * 64
    with pytest.raises(NotFetched, match="another file there"):
        puller.pull(ENTRY)
    assert hub.ranges == []


def test_without_a_hash_in_the_catalogue_the_hubs_own_counts(puller: Puller, store: ModelStore, hub: Hub) -> None:
    unpinned = replace(ENTRY, sha256="", size=0)
    hub.content = CONTENT[:-1] + b"\x01"
    with pytest.raises(WrongHash):
        puller.pull(unpinned)
    hub.content = CONTENT
    assert puller.pull(unpinned).sha256 == SHA256


def test_a_hub_that_says_no_hash_is_not_trusted(puller: Puller, hub: Hub) -> None:
    hub.etag = "5d41402abc4b2a76b9719d911017c592"
    with pytest.raises(NotFetched, match="does not say the file’s size and SHA-256"):
        puller.pull(ENTRY)


def test_a_hub_that_cannot_be_reached_is_said_in_a_sentence(store: ModelStore, hub: Hub) -> None:
    gone = Puller(store, "http://127.0.0.1:9", lambda seconds: None)
    with pytest.raises(NotFetched, match="on Hugging Face does not answer; check the network") as refused:
        gone.pull(ENTRY)
    assert "\n" not in str(refused.value)


def test_what_is_no_model_is_not_kept_though_its_hash_is_right(store: ModelStore) -> None:
    bad = CONTENT[:-1]
    with serving(Hub(bad)) as hub, pytest.raises(BadModel, match="cut off"):
        Puller(store, hub.address).pull(entry_for(bad, ENTRY.source))
    assert nothing_is_loadable(store)
    assert parts(store) == []


def test_failure_3_a_full_disk_is_said_before(
    puller: Puller, hub: Hub, store: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.folder.mkdir()
    usage = shutil.disk_usage(store.folder)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=len(CONTENT)))
    with pytest.raises(NoRoom, match=r"until it is there it takes 71 MB, and 4 MB is free\. Delete something there"):
        puller.pull(ENTRY)
    assert hub.ranges == []


def test_failure_3_a_disk_that_fills_up_meanwhile_is_said_and_the_rest_comes_later(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root on Linux can make a small disk")
    command = ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", os.fspath(disk)]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("this system lets nobody make a small disk")
    try:
        monkeypatch.setattr("cowrite.models.store.SPARE", 0)
        store = ModelStore(disk / "models")
        puller = Puller(store, hub.address)

        def fill() -> None:
            with (disk / "ballast").open("wb", buffering=0) as file, contextlib.suppress(OSError):
                while file.write(bytes(2**20)):
                    pass

        hub.on_get = fill
        with pytest.raises(DiskFull, match="no room left"):
            puller.pull(ENTRY)
        assert nothing_is_loadable(store)
        (disk / "ballast").unlink()
        hub.on_get = lambda: None
        assert puller.pull(ENTRY).sha256 == SHA256
    finally:
        subprocess.run(["umount", "-l", os.fspath(disk)], check=True)


def test_failure_3_two_clients_at_once_fetch_it_once(puller: Puller, store: ModelStore, hub: Hub) -> None:
    second: list[ModelError] = []

    def pull_again() -> None:
        try:
            Puller(store, hub.address).pull(ENTRY)
        except ModelError as error:
            second.append(error)

    def in_between() -> None:
        hub.on_get = lambda: None
        other = threading.Thread(target=pull_again)
        other.start()
        other.join()

    hub.on_get = in_between
    assert puller.pull(ENTRY).sha256 == SHA256
    assert [type(error) for error in second] == [ModelBusy]
    assert len(hub.ranges) == 1


PROGRAM = """
import sys
from pathlib import Path
from cowrite.models.catalogue import HubSource, Entry
from cowrite.models.pull import Puller
from cowrite.models.store import ModelStore
entry = Entry("little", "Little", "", "", "", 1, int(sys.argv[3]), sys.argv[4], 1, "", HubSource("a/b", "main", "c"))
def report(progress):
    if progress.done >= progress.total * 3 // 10:
        print(progress.done, flush=True)
        sys.stdin.read()
Puller(ModelStore(Path(sys.argv[1])), sys.argv[2]).pull(entry, report)
"""


def test_failure_3_killed_at_30_percent_it_goes_on_from_there(puller: Puller, store: ModelStore, hub: Hub) -> None:
    arguments = [os.fspath(store.folder), hub.address, str(len(CONTENT)), SHA256]
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert int(process.stdout.readline()) >= THIRD
        process.send_signal(signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)
    assert nothing_is_loadable(store)
    (part,) = parts(store)
    there = part.stat().st_size
    assert THIRD - io.DEFAULT_BUFFER_SIZE < there < len(CONTENT)  # what is in Python's buffer goes with the process
    hub.ranges.clear()
    assert puller.pull(ENTRY).path.read_bytes() == CONTENT
    assert hub.ranges == [f"bytes={there}-"]


def test_killed_before_its_record_was_written_the_file_is_taken_in(puller: Puller, store: ModelStore, hub: Hub) -> None:
    store.folder.mkdir()
    store.path_of("little").write_bytes(CONTENT)
    assert store.models() == []
    assert puller.pull(ENTRY).state is State.PRESENT
    assert hub.ranges == []


def test_another_file_of_that_name_without_a_record_is_replaced(puller: Puller, store: ModelStore) -> None:
    store.folder.mkdir()
    store.path_of("little").write_bytes(CONTENT[:-1])
    assert puller.pull(ENTRY).path.read_bytes() == CONTENT


def test_a_model_that_was_damaged_is_fetched_anew(puller: Puller, store: ModelStore) -> None:
    model = puller.pull(ENTRY)
    model.path.write_bytes(CONTENT[:THIRD])
    assert puller.pull(ENTRY).path.read_bytes() == CONTENT
