"""An OpenAI-compatible endpoint that the user runs, played by a small server here."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cowrite.assist.requests import (
    Chat,
    Completing,
    Completion,
    Ending,
    Generation,
    Lane,
    Message,
    Sampling,
    Scaffold,
    Scoring,
    Seen,
    Tier,
    Token,
    Window,
    Words,
)
from cowrite.worker.endpoint import EndpointEngine
from cowrite.worker.work import Cancellation, Cancelled, Endpoint, Failure
from helpers.endpoint_server import EndpointServer
from helpers.worker_seat import WorkerSeat, script

KEY = "sk-very-secret"
QUESTION = Chat((Message("user", (Words("?"),)),))


class Shown:
    """What was shown; cancels after so many pieces."""

    def __init__(self, cancellation: Cancellation, cancel_at: int = 0) -> None:
        self._cancellation = cancellation
        self._cancel_at = cancel_at
        self.texts: list[str] = []

    def loading(self, fraction: float) -> None:
        """Never called."""

    def prefill(self, done: int, total: int) -> None:
        """Never called."""

    def token(self, token: Token) -> None:
        self.texts.append(token.text)
        if len(self.texts) == self._cancel_at:
            self._cancellation.set()


@pytest.fixture
def server() -> Iterator[EndpointServer]:
    with EndpointServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def engine(server: EndpointServer) -> EndpointEngine:
    return EndpointEngine.attached(Endpoint(server.url, KEY, "big"), Cancellation())[0]


def asking(prompt: Any = None, **fields: Any) -> Generation:
    prompt = prompt or Completing((Scaffold("Text: "), Words("The sea")))
    return Generation(Lane.PANEL, prompt, fields.pop("tokens", 50), **fields)


def generate(engine: EndpointEngine, generation: Generation, cancel_at: int = 0) -> tuple[Completion, Shown]:
    cancellation = Cancellation()
    shown = Shown(cancellation, cancel_at)
    return engine.generate(generation, cancellation, shown), shown


def test_the_model_that_is_there_says_where_the_text_goes(server: EndpointServer) -> None:
    _, model = EndpointEngine.attached(Endpoint(server.url + "/", KEY, ""), Cancellation())
    assert model.name == "big"
    assert model.context == 4096
    assert model.place == f"127.0.0.1:{server.server_address[1]}"
    small = EndpointEngine.attached(Endpoint(server.url, "", "small"), Cancellation())[1]
    assert (small.parameters, small.tier) == (600_000_000, Tier.CHAT), "it can be asked nothing else"


def test_a_text_is_gone_on_with(server: EndpointServer, engine: EndpointEngine) -> None:
    completion, shown = generate(engine, asking(sampling=Sampling(0.7, seed=5), stop=("\n",)))
    assert completion.text == "".join(shown.texts) == "It rained. Then"
    assert completion.ending is Ending.STOP
    assert completion.usage.prompt_tokens == 12
    path, key, body = server.asked[-1]
    assert (path, key) == ("/v1/completions", f"Bearer {KEY}")
    assert body["prompt"] == "Text: The sea"
    assert (body["model"], body["max_tokens"], body["seed"], body["stop"]) == ("big", 50, 5, ["\n"])


def test_a_conversation_is_asked_as_one(server: EndpointServer, engine: EndpointEngine) -> None:
    turns = (Message("system", (Scaffold("Be brief."),)), Message("user", (Window(("One.\n", "Two.\n")), Words("?"))))
    completion, _ = generate(engine, asking(Chat(turns, "Well"), scored=True))
    assert completion.tokens[0].probability == pytest.approx(0.6065, abs=1e-4)
    assert completion.seen == Seen(0, 2, 2)
    path, _, body = server.asked[-1]
    assert path == "/v1/chat/completions"
    assert body["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "One.\nTwo.\n?"},
        {"role": "assistant", "content": "Well"},
    ]


def test_a_document_that_is_too_long_is_cut_at_a_paragraph(engine: EndpointEngine) -> None:
    paragraphs = tuple(f"Paragraph {number} goes on. " * 10 + "\n" for number in range(200))
    completion, _ = generate(engine, asking(Completing((Window(paragraphs),))))
    seen = completion.seen
    assert seen is not None
    assert 0 < seen.first < seen.stop == seen.total == 200


def test_stop_texts_and_patterns_count_here_too(engine: EndpointEngine) -> None:
    completion, _ = generate(engine, asking(stop_after=r"\."))
    assert (completion.text, completion.ending) == ("It rained.", Ending.STOP)


def test_cancelling_closes_the_connection(server: EndpointServer, engine: EndpointEngine) -> None:
    server.silent = True
    completion, _ = generate(engine, asking(), cancel_at=2)
    assert (completion.text, completion.ending) == ("It rained", Ending.CANCELLED)
    assert server.gone.wait(30)


def test_a_cancelled_request_is_not_sent(server: EndpointServer, engine: EndpointEngine) -> None:
    cancellation = Cancellation()
    cancellation.set()
    completion = engine.generate(asking(), cancellation, Shown(cancellation))
    assert completion.ending is Ending.CANCELLED
    assert not server.asked
    with pytest.raises(Cancelled):
        EndpointEngine.attached(Endpoint(server.url, KEY, ""), cancellation)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "does not accept the key"),
        (404, "nothing at this address"),
        (400, "does not accept what it is asked"),
        (429, "too much to do"),
        (500, "answers with an error"),
        (302, "redirects to another address"),
    ],
)
def test_a_refusal_is_a_sentence(
    server: EndpointServer, engine: EndpointEngine, status: int, words: str, caplog: pytest.LogCaptureFixture
) -> None:
    server.status = status
    with caplog.at_level(logging.DEBUG), pytest.raises(Failure, match=words) as refused:
        generate(engine, asking())
    assert refused.value.code == "endpoint"
    assert KEY not in str(refused.value) + caplog.text


@pytest.mark.parametrize(
    "raw",
    [
        b"data: no json\n\n",
        b'data: {"error": {"message": "x"}}\n\n',
        b"data: []\n\n",
        b"data: " + b"[" * 100_000 + b"\n\n",
        b"<html>Please log in.</html>\n",
        b"",
        b'data: {"choices": 5, "usage": 5}\n\n',
        b'data: {"choices": [5, {"delta": 5, "logprobs": 5}, {"text": 5}, {"delta": {"content": [5]}}]}\n\n',
        b'data: {"choices": [{"text": "", "logprobs": {"content": 5}}], "usage": {"prompt_tokens": "x"}}\n\n',
    ],
)
def test_an_answer_that_is_none_is_a_sentence(server: EndpointServer, engine: EndpointEngine, raw: bytes) -> None:
    server.raw = raw
    with pytest.raises(Failure, match=r"127\.0\.0\.1"):
        generate(engine, asking())


def test_a_text_that_the_server_broke_off_is_not_taken_for_a_whole_one(
    server: EndpointServer, engine: EndpointEngine
) -> None:
    server.raw = b'data: {"choices": [{"text": "It rained and"}]}\n\n'
    with pytest.raises(Failure, match="broke off"):
        generate(engine, asking())


def test_a_server_that_does_not_stream_is_understood(server: EndpointServer, engine: EndpointEngine) -> None:
    server.raw = b'{\n "error": null,\n "choices": [{"message": {"content": "It rained."}, "finish_reason": "stop"}]\n}'
    assert generate(engine, asking(QUESTION))[0].text == "It rained."
    server.raw = b'{"choices": [{"text": "It rain", "finish_reason": "length"}]}'
    completion, _ = generate(engine, asking())
    assert (completion.text, completion.ending) == ("It rain", Ending.LENGTH)


def test_a_model_that_thinks_is_told_to_answer_at_once_where_its_server_can_be_told(
    server: EndpointServer, engine: EndpointEngine
) -> None:
    told = "chat_template_kwargs"
    generate(engine, asking(QUESTION))
    assert server.asked[-1][2][told] == {"enable_thinking": False}
    generate(engine, asking())
    assert told not in server.asked[-1][2], "nobody thinks who goes on with a text"
    server.refuses = {told}
    for _ in range(2):
        assert generate(engine, asking(QUESTION))[0].text == "It rained. Then"
    assert [told in body for _, _, body in server.asked[2:]] == [True, False, False]
    server.refuses = {"messages"}
    with pytest.raises(Failure, match="does not accept what it is asked"):
        generate(EndpointEngine.attached(Endpoint(server.url, KEY, "big"), Cancellation())[0], asking(QUESTION))


@pytest.mark.parametrize(
    ("pieces", "said"),
    [
        (["<thi", "nk>\n", "It? ", "Yes.</thi", "nk>\n\n", "It ", "rained."], ["It ", "rained."]),
        (["\n<think>", "</think>", "\nIt rained."], ["\nIt rained."]),
        (["<", "b> is bold."], ["<b> is bold."]),
        (["<thin"], ["<thin"]),
    ],
)
def test_what_a_model_thinks_is_no_part_of_its_answer(
    server: EndpointServer, engine: EndpointEngine, pieces: list[str], said: list[str]
) -> None:
    server.pieces = pieces
    completion, shown = generate(engine, asking(QUESTION))
    assert shown.texts == said
    assert completion.text == "".join(said)
    assert generate(engine, asking())[0].text == "".join(pieces), "a text that is gone on with is the person's"


def test_a_model_that_only_thought_is_said_to_have(server: EndpointServer, engine: EndpointEngine) -> None:
    for text in ("<think>It may have", ""):
        event = {"choices": [{"delta": {"content": text}, "finish_reason": "length"}]}
        server.raw = f"data: {json.dumps(event)}\n\n".encode()
        with pytest.raises(Failure, match="thinks before it answers"):
            generate(engine, asking(QUESTION))


def test_no_half_of_a_character_comes_from_a_server(server: EndpointServer, engine: EndpointEngine) -> None:
    server.raw = b'data: {"choices": [{"text": "a\\ud800b\\ud83d\\ude00"}]}\n\ndata: [DONE]\n\n'
    assert generate(engine, asking())[0].text == "a\ufffdb\U0001f600"


def test_a_line_without_end_is_not_read_to_its_end(server: EndpointServer, engine: EndpointEngine) -> None:
    server.raw = b"x" * (3 << 20)
    with pytest.raises(Failure, match="lines without an end"):
        generate(engine, asking())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda server: setattr(server, "models", {"data": []}), "does not offer “big”"),
        (lambda server: setattr(server, "models", [1]), "OpenAI-compatible"),
        (lambda server: setattr(server, "models", {"data": 5}), "does not offer “big”"),
        (lambda server: setattr(server, "models", {"data": [5, {"id": 5}, {"id": None}]}), "does not offer “big”"),
        (lambda server: setattr(server, "models", {"data": [{"id": "other"}]}), "does not offer “big”. It has other"),
    ],
)
def test_a_server_without_the_model_is_refused(
    server: EndpointServer, change: Callable[[EndpointServer], None], words: str
) -> None:
    change(server)
    with pytest.raises(Failure, match=words):
        EndpointEngine.attached(Endpoint(server.url, KEY, "big"), Cancellation())


def test_a_size_that_is_none_counts_as_not_said(server: EndpointServer) -> None:
    odd = {"id": "big", "max_model_len": 10**400, "meta": {"n_ctx": -4, "n_ctx_train": 1e400, "n_params": []}}
    server.models = {"data": [odd]}
    odd_model = EndpointEngine.attached(Endpoint(server.url, KEY, ""), Cancellation())[1]
    server.models = {"data": [{"id": "big", "meta": 5}]}
    assert odd_model == EndpointEngine.attached(Endpoint(server.url, KEY, ""), Cancellation())[1]


def test_a_name_without_end_is_cut_and_asked_for_whole(server: EndpointServer) -> None:
    server.models = {"data": [{"id": "big\n" + "x" * 100_000}]}
    engine, model = EndpointEngine.attached(Endpoint(server.url, KEY, ""), Cancellation())
    assert model.name == "big " + "x" * 116
    generate(engine, asking(QUESTION))
    assert server.asked[-1][2]["model"] == "big\n" + "x" * 100_000


def test_a_likelihood_that_no_number_holds_is_not_taken(server: EndpointServer, engine: EndpointEngine) -> None:
    logs = [-(10**400), 10**400, True]
    server.raw = (
        f'data: {{"choices": [{{"text": "a", "logprobs": {{"token_logprobs": {json.dumps(logs)}}}}}]}}\n\n'.encode()
    )
    server.raw += b"data: [DONE]\n\n"
    completion, _ = generate(engine, asking(scored=True))
    assert [token.probability for token in completion.tokens] == [0.0]


@pytest.mark.parametrize("url", ["", "big", "ftp://host/v1", "http://", "http://me:secret@host/v1", "http://host:x/v1"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(Failure, match="must look like") as refused:
        EndpointEngine(Endpoint(url, KEY, ""))
    assert "secret" not in str(refused.value)


def test_nobody_there_is_a_sentence(server: EndpointServer) -> None:
    free = EndpointServer()
    free.server_close()
    with pytest.raises(Failure, match="cannot be reached"):
        EndpointEngine.attached(Endpoint(free.url, KEY, ""), Cancellation())


def test_https_to_a_server_without_it_is_not_taken_for_a_bad_certificate(server: EndpointServer) -> None:
    with pytest.raises(Failure, match="begin with http://"):
        EndpointEngine.attached(Endpoint(server.url.replace("http:", "https:"), KEY, ""), Cancellation())


def test_what_it_cannot_do_it_refuses(engine: EndpointEngine) -> None:
    cancellation = Cancellation()
    with pytest.raises(Failure) as scored:
        engine.score(Scoring(Lane.PANEL, asking().prompt, ("a",)), cancellation, Shown(cancellation))
    with pytest.raises(Failure) as followed:
        generate(engine, asking(grammar="ideas"))
    assert {scored.value.code, followed.value.code} == {"unsupported"}


def test_the_worker_asks_it_and_says_nothing_of_the_key(server: EndpointServer, tmp_path: Path) -> None:
    with WorkerSeat("--scripted", str(script(tmp_path / "s.json", []))) as seat:
        seat.send("attach", url=server.url, key=KEY, name="")
        loaded = seat.until("loaded", "failed")
        assert loaded["model"]["place"]
        assert seat.generate(asking()).text == "It rained. Then"
        server.status = 401
        seat.ask(asking())
        failed = seat.until("failed")
        seat.load(Path("x"))
        said = seat.close()
    assert KEY not in said + failed["sentence"]
