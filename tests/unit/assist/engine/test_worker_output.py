"""What comes out of the worker's process, and what of it is logged."""

from __future__ import annotations

import json

import pytest

from cowrite.assist.engine.incoming import MAX_ANSWER, Incoming
from cowrite.assist.engine.last_words import LastWords, fit_for_log
from cowrite.assist.engine.wire import MalformedLine, encode


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_messages_are_read_from_slices_of_any_size(size: int) -> None:
    lines = b"".join(encode("token", index, text="naïve 🙂\n", probability=0.5) for index in range(5))
    incoming = Incoming()
    messages = [message for at in range(0, len(lines), size) for message in incoming.feed(lines[at : at + size])]
    assert [message["id"] for message in messages] == list(range(5))
    assert {message["text"] for message in messages} == {"naïve 🙂\n"}


def test_what_a_process_left_unfinished_does_not_reach_the_next_one() -> None:
    incoming = Incoming()
    assert not list(incoming.feed(b'{"type": "tok'))
    incoming.forget()
    assert [message["type"] for message in incoming.feed(encode("hello"))] == ["hello"]


def test_an_answer_without_an_end_is_refused() -> None:
    incoming = Incoming()
    assert not list(incoming.feed(b"x" * MAX_ANSWER))
    with pytest.raises(MalformedLine):
        list(incoming.feed(b"x"))


def test_an_answer_that_is_too_long_is_refused() -> None:
    line = json.dumps({"type": "token", "id": 1, "text": "x" * MAX_ANSWER}).encode() + b"\n"
    with pytest.raises(MalformedLine):
        list(Incoming().feed(line))


@pytest.mark.parametrize(
    "line",
    [
        "llama_model_load: error loading model: tensor 'output.weight' not found",
        "ggml_backend_cpu: AVX2 = 1",
        '  File "/opt/cowrite/worker/llama.py", line 12, in load',
        "/src/ggml.c:123: GGML_ASSERT(n > 0) failed",
        "Fatal Python error: Segmentation fault",
    ],
)
def test_lines_of_the_library_and_places_in_programs_are_logged(line: str) -> None:
    assert fit_for_log(line + "\n") == line


@pytest.mark.parametrize(
    "line",
    ["Dear Ada, the secret is", "    text = 'Dear Ada'", "  what():  Dear Ada", "prompt: Dear Ada", ""],
)
def test_lines_that_can_hold_words_of_a_document_are_not_logged(line: str) -> None:
    assert fit_for_log(line) == ""


def test_of_an_error_only_its_type_is_logged() -> None:
    assert fit_for_log("ValueError: invalid text 'Dear Ada'") == "ValueError"
    assert fit_for_log("json.decoder.JSONDecodeError: Dear Ada") == "json.decoder.JSONDecodeError"


def test_lines_are_put_together_before_they_are_judged() -> None:
    words = LastWords()
    words.feed(b"Dear Ada, ")
    words.feed(b"llama: hello\nllama: ")
    words.feed(b"ready\nggml: last")
    assert words.take() == ["llama: ready", "ggml: last"]
    assert words.take() == []
