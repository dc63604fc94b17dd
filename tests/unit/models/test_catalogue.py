"""The list of models that can be fetched, and the shelf on which they stand beside a person's own."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from cowrite.assist.requests import Calibration
from cowrite.models.calibrations import Calibrations, Circumstances
from cowrite.models.catalogue import STARTER, Entry, HubSource, WheelSource, catalogue, embedders, entry_of
from cowrite.models.errors import UnknownModel, in_bytes
from cowrite.models.gguf import examine
from cowrite.models.machine import engine_version, processor
from cowrite.models.shelf import offers
from cowrite.models.store import ModelStore
from cowrite.models.stored_model import State
from helpers.bootstrap_script import CHECKOUT
from helpers.gguf_files import write_gguf

ENTRIES = catalogue()
ALL = (*ENTRIES, *embedders())
PERMISSIVE = {"Apache-2.0", "MIT", "BSD-3-Clause"}


@pytest.mark.parametrize("entry", ALL, ids=lambda entry: entry.id)
def test_an_entry_says_all_that_a_person_decides_by(entry: Entry) -> None:
    assert entry.title
    assert entry.maker
    assert entry.licence in PERMISSIVE
    assert entry.suits.endswith(".")
    assert re.fullmatch(r"[0-9a-f]{64}", entry.sha256)
    assert entry.size > 10_000_000
    assert entry.memory > entry.size
    if isinstance(entry.source, HubSource):  # a commit, which cannot change, and no branch, which can
        assert re.fullmatch(r"[0-9a-f]{40}", entry.source.revision)


def test_the_starter_comes_first_and_the_others_from_small_to_large() -> None:
    assert ENTRIES[0].id == STARTER
    assert isinstance(ENTRIES[0].source, WheelSource)
    assert [entry.parameters for entry in ENTRIES] == sorted(entry.parameters for entry in ENTRIES)
    assert len({entry.id for entry in ALL}) == len(ALL)


def test_what_writes_nothing_is_not_among_what_writes() -> None:
    assert not any(entry.embeds for entry in ENTRIES)
    assert all(entry.embeds for entry in embedders())


def test_the_catalogue_names_no_host() -> None:
    from cowrite.models.catalogue import LISTING
    from cowrite.paths import resources

    assert "//" not in (resources() / LISTING).read_text(encoding="utf-8")


@pytest.mark.parametrize("entry", ALL, ids=lambda entry: entry.id)
def test_the_guide_says_the_same_of_each_model(entry: Entry) -> None:
    words = f"| `{entry.id}` | {in_bytes(entry.size)} | {entry.memory / 1e9:.1f} GB | {entry.licence} |"
    assert words in (CHECKOUT / "resources" / "guide" / "assistant.md").read_text(encoding="utf-8")


def test_a_name_that_is_not_in_the_catalogue_is_said_with_those_that_are() -> None:
    with pytest.raises(UnknownModel, match=r"There is no model “gpt”\. There are: smollm2-135m, qwen3-0\.6b"):
        entry_of("gpt", ENTRIES)


def test_the_catalogue_tells_the_truth_about_the_starter() -> None:
    path = os.environ.get("COWRITE_TEST_MODEL", "")
    if not path:
        assert not os.environ.get("CI"), "COWRITE_TEST_MODEL has to name the starter model"
        pytest.skip("COWRITE_TEST_MODEL does not name the starter model")
    entry, examination = ENTRIES[0], examine(Path(path))
    assert (entry.size, entry.parameters) == (examination.file_size, examination.parameters)
    assert entry.quantisation == examination.quantisation
    assert entry.memory == examination.memory_need()
    assert examination.template


@pytest.mark.parametrize(
    ("count", "words"), [(98_362_432, "98 MB"), (2_497_280_256, "2.5 GB"), (0, "0 MB"), (1_000_000_000, "1.0 GB")]
)
def test_sizes_are_said_as_people_say_them(count: int, words: str) -> None:
    assert in_bytes(count) == words


# The shelf


def test_without_any_model_the_whole_catalogue_is_offered(store: ModelStore) -> None:
    found = offers(store, ENTRIES, lambda sha256: None)
    assert [offer.id for offer in found] == [entry.id for entry in ENTRIES]
    assert not any(offer.is_present or offer.path or offer.speed for offer in found)


def test_a_persons_own_model_stands_before_the_catalogue_with_its_speed(store: ModelStore, tmp_path: Path) -> None:
    own = store.add(write_gguf(tmp_path / "mine.gguf"))
    rates = {"prompt": 300.0, "generation": 41.5}
    speeds = {own.sha256: Calibration(1, 128, False, rates)}
    first = offers(store, ENTRIES, speeds.get)[0]
    assert (first.id, first.title, first.speed, first.in_catalogue) == ("mine", "Little", 41.5, False)
    assert (first.state, first.path, first.licence) == (State.PRESENT, own.path, "")


def test_a_file_of_a_persons_own_never_takes_the_place_of_an_entry(store: ModelStore, tmp_path: Path) -> None:
    own = store.add(write_gguf(tmp_path / "qwen3-4b.gguf"), known=ENTRIES)
    assert own.id == "qwen3-4b-2"
    found = {offer.id: offer for offer in offers(store, ENTRIES, lambda sha256: None)}
    assert found["qwen3-4b"].state is None
    assert found["qwen3-4b-2"].is_present


def test_a_file_that_is_the_very_one_of_an_entry_is_taken_in_as_that(store: ModelStore, tmp_path: Path) -> None:
    from dataclasses import replace

    from cowrite.models.hashing import sha256_of

    file = write_gguf(tmp_path / "downloaded.gguf")
    entry = replace(ENTRIES[1], sha256=sha256_of(file))
    added = store.add(file, known=[entry])
    assert (added.id, added.title, added.licence) == (entry.id, entry.title, "Apache-2.0")
    assert offers(store, [entry], lambda sha256: None)[0].is_present
    store.add(file, known=[entry], title="My\n writer")
    (offer,) = offers(store, [entry], lambda sha256: None)
    assert (offer.title, offer.licence) == ("My writer", "Apache-2.0")


# What was measured here


def test_a_calibration_counts_for_its_processor_engine_and_model_alone(tmp_path: Path) -> None:
    calibrations = Calibrations(tmp_path / "state" / "calibrations.json")
    here = Circumstances("Some processor, 2 cores", "0.3.36", "ab" * 32)
    measured = Calibration(2, 128, True, {"prompt": 100.0, "generation": 20.0})
    assert calibrations.find(here) is None
    calibrations.put(here, measured)
    assert Calibrations(tmp_path / "state" / "calibrations.json").find(here) == measured
    for other in (("Another, 4 cores", "0.3.36", "ab" * 32), ("Some processor, 2 cores", "0.3.37", "ab" * 32)):
        assert calibrations.find(Circumstances(*other)) is None


@pytest.mark.parametrize("broken", ["", "[]", '{"p | e | s": 7}', '{"p | e | s": {"threads": 0, "batch": 1}}'])
def test_a_calibration_that_cannot_be_read_is_none(tmp_path: Path, broken: str) -> None:
    path = tmp_path / "calibrations.json"
    path.write_text(broken, encoding="utf-8")
    assert Calibrations(path).find(Circumstances("p", "e", "s")) is None


def test_only_so_many_calibrations_are_kept_and_the_newest_always(tmp_path: Path) -> None:
    calibrations = Calibrations(tmp_path / "calibrations.json")
    measured = Calibration(1, 64, False, {})
    for number in range(70):
        calibrations.put(Circumstances("p", "e", str(number)), measured)
    assert calibrations.find(Circumstances("p", "e", "0")) is None
    assert calibrations.find(Circumstances("p", "e", "69")) == measured


def test_this_machine_has_a_name_and_its_engine_a_version() -> None:
    assert re.search(r", \d+ cores$", processor())
    assert engine_version() in {"", "0.3.36"}
