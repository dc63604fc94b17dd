"""Loading a model: failure modes 2, 4 and 9 of language models in writing tools, by their numbers in the issue."""

from __future__ import annotations

import struct
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cowrite.assist.requests import Lane
from cowrite.models.gguf_header import read_header
from cowrite.worker.work import Cancelled, Failure, Settings
from helpers.gguf_files import Of, gguf, keys_of_a_model, text
from helpers.prompts import completing
from helpers.worker_seat import WorkerSeat

Tiny = Callable[..., Path]
Seat = Callable[..., Any]

SEA = "the sea and the rain were heard in the inner harbour all night "

# 2: files that are no models


@pytest.mark.parametrize("content", [b"", b"GGUF", b"GGUF" + b"\0" * 33, b"PK\3\4" + b"\0" * 100])
def test_2_a_bad_file_is_refused_with_the_reason_and_the_next_one_loads(
    seat: Seat, tiny: Tiny, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "bad.gguf").write_bytes(content)
    engine = seat()
    with pytest.raises(Failure, match=r"bad\.gguf") as refused:
        engine.load(tmp_path / "bad.gguf")
    assert refused.value.code == "bad-model"
    engine.load(tiny())
    assert engine.go_on(SEA).usage.generated > 0


def test_2_a_file_that_is_not_there_is_a_sentence(seat: Seat, tmp_path: Path) -> None:
    with pytest.raises(Failure, match=r"gone\.gguf") as refused:
        seat().load(tmp_path / "gone.gguf")
    assert refused.value.code == "bad-model"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems take no such names")
def test_a_model_loads_out_of_a_folder_that_is_not_called_in_utf_8(seat: Seat, tiny: Tiny, tmp_path: Path) -> None:
    (folder := tmp_path / "caf\udce9").mkdir()
    file = folder / "tiny.gguf"
    file.symlink_to(tiny())
    assert seat().load(file).model.name == "Tiny plain"


@pytest.mark.parametrize("part", [0.5, 0.999])
def test_2_a_truncated_model_is_refused(seat: Seat, tiny: Tiny, tmp_path: Path, part: float) -> None:
    whole = tiny().read_bytes()
    (tmp_path / "half.gguf").write_bytes(whole[: int(len(whole) * part)])
    with pytest.raises(Failure, match=r"half\.gguf"):
        seat().load(tmp_path / "half.gguf")


def test_2_a_model_whose_weights_are_missing_is_refused_by_llama_cpp_with_a_sentence(
    seat: Seat, tiny: Tiny, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    plain = tiny().read_bytes()
    (tmp_path / "odd.gguf").write_bytes(plain.replace(b"blk.3.ffn_up", b"blk.3.ffn_no"))
    with pytest.raises(Failure, match=r"llama\.cpp cannot load") as refused:
        seat().load(tmp_path / "odd.gguf")
    assert refused.value.code == "bad-model"
    assert "ffn_up" in caplog.text
    caplog.clear()


def bad_files(whole: bytes, last: int) -> dict[str, tuple[bytes, str]]:
    """Files that are no models, and what of the reason is said.

    Args:
        whole: a sound model.
        last: bytes of its last tensor.
    """
    blocks = text("llama.block_count") + struct.pack("<I", 4)
    assert whole.count(blocks) == 1
    after = whole.index(blocks) + len(blocks)
    eyes = keys_of_a_model(general__architecture="clip", clip__has_vision_encoder=Of("bool", 1))
    return {
        "empty": (b"", "the file is empty"),
        "without-a-key": (struct.pack("<4sIQQ", b"GGUF", 3, 0, 1) + text("") + struct.pack("<IB", 7, 1), "key"),
        "other-magic": (b"GGUX" + whole[4:], "not a GGUF file"),
        "half": (whole[: len(whole) // 2], "cut off"),
        "without-the-last-tensor": (whole[:-last], "cut off"),
        "a-million-layers": (whole[:after] + struct.pack("<I", 10**6) + whole[after + 4 :], "1,000,000"),
        "eyes": (gguf(eyes), "mmproj"),
    }


def test_2_one_worker_refuses_every_bad_file_before_llama_cpp_sees_it_and_then_loads_a_good_one(
    tiny: Tiny, tmp_path: Path
) -> None:
    bad = bad_files(tiny().read_bytes(), read_header(tiny()).tensors[-1].size)
    assert len(bad["without-a-key"][0]) == 37
    with WorkerSeat() as worker:
        for name, (content, reason) in bad.items():
            path = tmp_path / f"{name}.gguf"
            path.write_bytes(content)
            worker.send("load", path=str(path), name="", context=0, threads=0, batch=0)
            failed = worker.receive()  # and nothing of loading before it
            assert (failed["type"], failed["code"]) == ("failed", "bad-model")
            assert reason in failed["sentence"]
            assert path.name in failed["sentence"]
        assert worker.load(tiny())["type"] == "loaded"
        assert worker.generate(completing(SEA)).usage.generated > 0
        assert worker.close() == "", "llama.cpp says on stderr what it does not like"


# 4: cancelling


def test_4_loading_can_be_cancelled(seat: Seat, tiny: Tiny) -> None:
    engine = seat()
    engine.notes.cancel_loading = True
    with pytest.raises(Cancelled):
        engine.load(tiny())
    engine.again()
    with pytest.raises(Failure, match="No model is loaded"):
        engine.go_on(SEA)
    engine.load(tiny())
    assert engine.notes.fractions[-1] == 1.0
    assert engine.go_on(SEA).usage.generated > 0


# 9: memory


def test_9_a_model_that_cannot_be_described_is_given_back_once(
    seat: Seat, tiny: Tiny, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cowrite.worker import loader

    given_back: list[int] = []
    free = loader.llama.llama_model_free
    monkeypatch.setattr(loader.llama, "llama_model_free", lambda model: (given_back.append(model), free(model)))
    engine = seat()
    with monkeypatch.context() as patch:
        patch.setattr(loader.Vocabulary, "__init__", lambda vocabulary, model: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            engine.load(tiny())
    assert len(given_back) == 1
    engine.load(tiny())
    assert engine.go_on(SEA).usage.generated > 0
    assert len(given_back) == 1
    engine.engine.unload()
    assert len(given_back) == 2


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_9_what_was_loaded_in_vain_gives_its_memory_back(starter: Path, tmp_path: Path) -> None:
    (tmp_path / "odd.gguf").write_bytes(starter.read_bytes().replace(b"blk.29.ffn_up", b"blk.29.ffn_no"))
    ends: list[str] = []
    with WorkerSeat() as worker:

        def in_vain(times: int) -> int:
            for _ in range(times):
                assert worker.load(tmp_path / "odd.gguf")["code"] == "bad-model"
                id = worker.send("load", path=str(starter), name="", context=0, threads=0, batch=0)
                worker.until("loading")
                worker.send("cancel", id)
                ends.append(worker.until("failed", "loaded")["type"])
            worker.send("unload")
            worker.until("unloaded")
            return worker.resident()

        empty = worker.resident()
        assert worker.load(starter)["type"] == "loaded"
        taken = worker.resident() - empty
        before = in_vain(2)
        assert in_vain(2) - before < 0.25 * taken
        assert "failed" in ends, "some of them were cancelled before they were through"
        worker.close()


def test_9_a_model_that_needs_more_than_there_is_is_refused_beforehand(tiny: Tiny) -> None:
    from cowrite.worker.llama import LlamaEngine
    from cowrite.worker.work import Cancellation, Loading
    from helpers.llama_seat import Notes

    free = 1_000_000_000
    engine = LlamaEngine(free=lambda: free)
    cancellation = Cancellation()
    notes = Notes(cancellation)
    loading = Loading(tiny(), "", Settings())
    engine.load(loading, cancellation, notes)
    free, notes.fractions = 1_000_000, []
    with pytest.raises(Failure, match=r"needs \d+ MB of memory, and 1 MB is free") as refused:
        engine.load(loading, cancellation, notes)
    assert refused.value.code == "memory"
    assert not notes.fractions, "llama.cpp has not seen it"


@pytest.mark.parametrize("batch", [0, 256], ids=["not measured", "measured"])
def test_9_loading_asks_for_the_memory_that_people_are_told(tiny: Tiny, batch: int) -> None:
    from cowrite.models.gguf import examine
    from cowrite.worker.llama import LlamaEngine
    from cowrite.worker.work import Cancellation, Loading
    from helpers.llama_seat import Notes

    told = examine(tiny()).memory_need()
    cancellation = Cancellation()
    loading = Loading(tiny(), "", Settings(batch=batch))
    engine = LlamaEngine(free=lambda: told)
    engine.load(loading, cancellation, Notes(cancellation))
    assert [engine.lane(lane, cancellation).size for lane in Lane] == list(examine(tiny()).contexts().values())
    engine.unload()
    with pytest.raises(Failure, match=r"Close other programs, or use a smaller model\.$"):
        LlamaEngine(free=lambda: told - 1).load(loading, cancellation, Notes(cancellation))


def test_9_a_batch_that_was_measured_to_be_quicker_is_used_only_where_there_is_room(tiny: Tiny) -> None:
    from cowrite.models.gguf import BATCH, examine
    from cowrite.worker.llama import LlamaEngine
    from cowrite.worker.work import Cancellation, Loading
    from helpers.llama_seat import Notes

    least = examine(tiny()).memory_need()
    cancellation = Cancellation()
    for free, batch in ((least, BATCH), (10 * least, 256)):
        engine = LlamaEngine(free=lambda free=free: free)
        loaded = engine.load(Loading(tiny(), "", Settings(batch=256)), cancellation, Notes(cancellation))
        assert loaded.batch == batch
        engine.unload()
