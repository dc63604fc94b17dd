"""The model that gives vectors, in the worker: a tiny one that is made here, and the real one where it is named."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cowrite.assist.engine.wire import plain_encoding, vectors_of
from cowrite.assist.requests import Encoding, Lane
from cowrite.models.bert import convert_bert
from cowrite.worker.work import Cancelled, Failure
from helpers.bert_folder import POSITIONS, USUAL_WORDS, WIDTH, write_bert
from helpers.worker_seat import WorkerSeat, script

Seat = Callable[..., Any]
Tiny = Callable[..., Path]
UNKNOWN, FIRST, LAST, _, THE, S, BOAT = range(100, 107)  # tokens


@pytest.fixture(scope="session")
def encoder(library: None, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A tiny encoder's file, and its weights."""
    folder = tmp_path_factory.mktemp("encoder")
    weights: dict[str, Any] = dict(write_bert(folder, words=USUAL_WORDS))
    convert_bert(folder, folder / "encoder.gguf", "Encoder", "MIT")
    return folder / "encoder.gguf", weights


def encoded(seat: Any, path: Path, *texts: str) -> Any:
    return seat.engine.encode(Encoding(Lane.PANEL, str(path), texts), seat.cancellation, seat.notes).rows


def likeness(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    return sum(left * right for left, right in zip(one, other, strict=True))


def test_vectors_are_those_that_a_plain_computation_gives(seat: Seat, encoder: tuple[Path, dict[str, Any]]) -> None:
    from helpers.plain_bert import vector

    path, weights = encoder
    rows = encoded(seat(), path, "the boats", "Boat", "rain", "")
    wanted = [[FIRST, THE, BOAT, S, LAST], [FIRST, BOAT, LAST], [FIRST, UNKNOWN, LAST], [FIRST, LAST]]
    for row, tokens in zip(rows, wanted, strict=True):
        assert row == pytest.approx(vector(weights, tokens), abs=0.01)  # matrices have 16 bits
        assert likeness(row, row) == pytest.approx(1, abs=1e-4)


def test_of_a_text_that_is_too_long_the_beginning_counts(seat: Seat, encoder: tuple[Path, dict[str, Any]]) -> None:
    path, _ = encoder
    whole = " ".join(["boat"] * (POSITIONS - 2))
    fits, longer = encoded(seat(), path, whole, f"{whole} the the the")
    assert longer == pytest.approx(fits, abs=1e-4)


def test_words_that_look_like_marks_are_words(seat: Seat, encoder: tuple[Path, dict[str, Any]]) -> None:
    path, _ = encoder
    marked, plain = encoded(seat(), path, "[SEP] boat", "boat")
    assert marked != pytest.approx(plain, abs=0.01)
    assert encoded(seat(), path, "[SEP]")[0] != pytest.approx(encoded(seat(), path, "")[0], abs=0.01)


def test_many_texts_are_computed_in_several_batches_and_give_the_same(
    seat: Seat, encoder: tuple[Path, dict[str, Any]]
) -> None:
    path, _ = encoder
    sitting = seat()
    alone = encoded(sitting, path, "the boats")[0]
    rows = encoded(sitting, path, *["boat", "the boats"] * 100)
    assert len(sitting.notes.read) > 2
    assert sitting.notes.read[-1][0] == sitting.notes.read[-1][1]
    for row in rows[1::2]:
        assert row == pytest.approx(alone, abs=1e-3)
    assert len(rows[0]) == WIDTH


def test_it_ends_between_batches_and_the_next_request_is_answered(
    seat: Seat, encoder: tuple[Path, dict[str, Any]]
) -> None:
    path, _ = encoder
    sitting = seat()
    sitting.notes.cancel_reading_at = 1
    with pytest.raises(Cancelled):
        encoded(sitting, path, *["the boats"] * 200)
    assert len(sitting.notes.read) == 1
    sitting.again()
    assert len(encoded(sitting, path, "boat")) == 1


def test_a_model_that_writes_is_not_asked_for_vectors(seat: Seat, tiny: Tiny) -> None:
    with pytest.raises(Failure, match="writes texts, and compares none"):
        encoded(seat(), tiny(), "boat")


def test_a_vocabulary_without_the_usual_marks_is_refused_where_llama_cpp_would_end_the_process(
    seat: Seat, tmp_path: Path
) -> None:
    write_bert(tmp_path)
    convert_bert(tmp_path, tmp_path / "small.gguf", "Small", "MIT")
    with pytest.raises(Failure, match="marks"):
        encoded(seat(), tmp_path / "small.gguf", "boat")


def test_a_model_that_is_not_there_is_a_failure(seat: Seat, tmp_path: Path) -> None:
    with pytest.raises(Failure):
        encoded(seat(), tmp_path / "none.gguf", "boat")


def test_it_stands_beside_a_model_that_writes_and_goes_with_it(
    seat: Seat, tiny: Tiny, encoder: tuple[Path, dict[str, Any]]
) -> None:
    path, _ = encoder
    sitting = seat(tiny())
    before = encoded(sitting, path, "boat")
    written = sitting.go_on("the sea").text
    assert encoded(sitting, path, "boat") == before
    assert sitting.go_on("the sea").text == written
    sitting.engine.unload()
    assert encoded(sitting, path, "boat") == before


def test_the_worker_answers_by_its_lines_without_a_model_that_writes(
    encoder: tuple[Path, dict[str, Any]],
) -> None:
    path, _ = encoder
    with WorkerSeat() as worker:
        worker.send("encode", encoding=plain_encoding(Encoding(Lane.PANEL, str(path), ("the boats", "boat"))))
        answer = worker.until("encoded", "failed")
        assert answer["type"] == "encoded"
        vectors = vectors_of(answer["vectors"])
        assert [len(row) for row in vectors.rows] == [WIDTH] * 2
        assert vectors.usage.evaluated == 8


def test_the_scripted_model_finds_texts_alike_that_share_words(tmp_path: Path) -> None:
    with WorkerSeat("--scripted", str(script(tmp_path / "s.json", []))) as worker:
        texts = ("a bench by the river", "by the river a bench", "ten bicycles")
        worker.send("encode", encoding=plain_encoding(Encoding(Lane.PANEL, "any", texts)))
        bench, again, bicycles = vectors_of(worker.until("encoded")["vectors"]).rows
        assert likeness(bench, again) == pytest.approx(1)
        assert likeness(bench, bicycles) < 0.5


def test_the_real_encoder_finds_likeness_as_its_makers_publish_it(seat: Seat) -> None:
    path = os.environ.get("COWRITE_TEST_EMBEDDER", "")
    if not path:
        pytest.skip("COWRITE_TEST_EMBEDDER does not name the file that `cowrite models pull all-minilm-l6-v2` fetches")
    sentences = ("The weather is lovely today.", "It's so sunny outside!", "He drove to the stadium.")
    lovely, sunny, stadium = encoded(seat(), Path(path), *sentences)
    assert likeness(lovely, sunny) == pytest.approx(0.6660, abs=0.001)
    assert likeness(lovely, stadium) == pytest.approx(0.1046, abs=0.001)
    assert likeness(sunny, stadium) == pytest.approx(0.1411, abs=0.001)
