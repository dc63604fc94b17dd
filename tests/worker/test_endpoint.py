"""An OpenAI-compatible endpoint that the user runs, played by a small server here."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
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
from helpers.worker_seat import WorkerSeat, script

KEY = "sk-very-secret"
MODELS = {"data": [{"id": "big", "max_model_len": 4096}, {"id": "small", "meta": {"n_params": 600_000_000}}]}
QUESTION = Chat((Message("user", (Words("?"),)),))


class Server(ThreadingHTTPServer):
    """Answers as it is told.

    Attributes:
        pieces: of the text that it writes.
        status: of the answer to a question.
        asked: path, key and body of each question.
        refuses: members of a question for which it refuses it.
        silent: whether it sends no end, and waits until nobody listens.
        gone: set when nobody listens any more.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.pieces = ["It ", "rained", ".", " Then"]
        self.status = 200
        self.models: Any = MODELS
        self.asked: list[tuple[str, str | None, dict[str, Any]]] = []
        self.refuses: set[str] = set()
        self.silent = False
        self.raw: bytes | None = None
        self.gone = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        self._send(self.server.status, json.dumps(self.server.models).encode())

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, self.headers["Authorization"], body))
        status = 400 if self.server.refuses & body.keys() else self.server.status
        if status != 200:
            self._send(status, b"{}")
            return
        self.send_response(200)
        self.end_headers()
        try:
            if self.server.raw is not None:
                self.wfile.write(self.server.raw)
                return
            for piece in self.server.pieces:
                self._event(self._choice(piece, body))
            if self.server.silent:
                self.rfile.read(1)  # nothing comes; it ends when nobody is there any more
                self.server.gone.set()
                return
            self._event({"choices": [{"delta": {}, "finish_reason": "stop"}]})
            self._event({"choices": [], "usage": {"prompt_tokens": 12}})
            self.wfile.write(b"data: [DONE]\n\n")
        except OSError:  # nobody reads to the end
            self.server.gone.set()

    def _choice(self, piece: str, body: dict[str, Any]) -> dict[str, Any]:
        if "prompt" in body:
            logs = {"token_logprobs": [-0.5]} if body.get("logprobs") else None
            return {"choices": [{"text": piece, "logprobs": logs}]}
        logs = {"content": [{"logprob": -0.5}]} if body.get("logprobs") else None
        return {"choices": [{"delta": {"content": piece}, "logprobs": logs}]}

    def _event(self, plain: dict[str, Any]) -> None:
        self.wfile.write(b": keep alive\ndata: " + json.dumps(plain).encode() + b"\n\n")
        self.wfile.flush()

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


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
def server() -> Iterator[Server]:
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def engine(server: Server) -> EndpointEngine:
    return EndpointEngine.attached(Endpoint(server.url, KEY, "big"), Cancellation())[0]


def asking(prompt: Any = None, **fields: Any) -> Generation:
    prompt = prompt or Completing((Scaffold("Text: "), Words("The sea")))
    return Generation(Lane.PANEL, prompt, fields.pop("tokens", 50), **fields)


def generate(engine: EndpointEngine, generation: Generation, cancel_at: int = 0) -> tuple[Completion, Shown]:
    cancellation = Cancellation()
    shown = Shown(cancellation, cancel_at)
    return engine.generate(generation, cancellation, shown), shown


def test_the_model_that_is_there_says_where_the_text_goes(server: Server) -> None:
    _, model = EndpointEngine.attached(Endpoint(server.url + "/", KEY, ""), Cancellation())
    assert model.name == "big"
    assert model.context == 4096
    assert model.place == f"127.0.0.1:{server.server_address[1]}"
    small = EndpointEngine.attached(Endpoint(server.url, "", "small"), Cancellation())[1]
    assert (small.parameters, small.tier) == (600_000_000, Tier.CHAT), "it can be asked nothing else"


def test_a_text_is_gone_on_with(server: Server, engine: EndpointEngine) -> None:
    completion, shown = generate(engine, asking(sampling=Sampling(0.7, seed=5), stop=("\n",)))
    assert completion.text == "".join(shown.texts) == "It rained. Then"
    assert completion.ending is Ending.STOP
    assert completion.usage.prompt_tokens == 12
    path, key, body = server.asked[-1]
    assert (path, key) == ("/v1/completions", f"Bearer {KEY}")
    assert body["prompt"] == "Text: The sea"
    assert (body["model"], body["max_tokens"], body["seed"], body["stop"]) == ("big", 50, 5, ["\n"])


def test_a_conversation_is_asked_as_one(server: Server, engine: EndpointEngine) -> None:
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


def test_cancelling_closes_the_connection(server: Server, engine: EndpointEngine) -> None:
    server.silent = True
    completion, _ = generate(engine, asking(), cancel_at=2)
    assert (completion.text, completion.ending) == ("It rained", Ending.CANCELLED)
    assert server.gone.wait(30)


def test_a_cancelled_request_is_not_sent(server: Server, engine: EndpointEngine) -> None:
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
    server: Server, engine: EndpointEngine, status: int, words: str, caplog: pytest.LogCaptureFixture
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
def test_an_answer_that_is_none_is_a_sentence(server: Server, engine: EndpointEngine, raw: bytes) -> None:
    server.raw = raw
    with pytest.raises(Failure, match=r"127\.0\.0\.1"):
        generate(engine, asking())


def test_a_text_that_the_server_broke_off_is_not_taken_for_a_whole_one(server: Server, engine: EndpointEngine) -> None:
    server.raw = b'data: {"choices": [{"text": "It rained and"}]}\n\n'
    with pytest.raises(Failure, match="broke off"):
        generate(engine, asking())


def test_a_server_that_does_not_stream_is_understood(server: Server, engine: EndpointEngine) -> None:
    server.raw = b'{\n "error": null,\n "choices": [{"message": {"content": "It rained."}, "finish_reason": "stop"}]\n}'
    assert generate(engine, asking(QUESTION))[0].text == "It rained."
    server.raw = b'{"choices": [{"text": "It rain", "finish_reason": "length"}]}'
    completion, _ = generate(engine, asking())
    assert (completion.text, completion.ending) == ("It rain", Ending.LENGTH)


def test_a_model_that_thinks_is_told_to_answer_at_once_where_its_server_can_be_told(
    server: Server, engine: EndpointEngine
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
    server: Server, engine: EndpointEngine, pieces: list[str], said: list[str]
) -> None:
    server.pieces = pieces
    completion, shown = generate(engine, asking(QUESTION))
    assert shown.texts == said
    assert completion.text == "".join(said)
    assert generate(engine, asking())[0].text == "".join(pieces), "a text that is gone on with is the person's"


def test_a_model_that_only_thought_is_said_to_have(server: Server, engine: EndpointEngine) -> None:
    for text in ("<think>It may have", ""):
        event = {"choices": [{"delta": {"content": text}, "finish_reason": "length"}]}
        server.raw = f"data: {json.dumps(event)}\n\n".encode()
        with pytest.raises(Failure, match="thinks before it answers"):
            generate(engine, asking(QUESTION))


def test_no_half_of_a_character_comes_from_a_server(server: Server, engine: EndpointEngine) -> None:
    server.raw = b'data: {"choices": [{"text": "a\\ud800b\\ud83d\\ude00"}]}\n\ndata: [DONE]\n\n'
    assert generate(engine, asking())[0].text == "a\ufffdb\U0001f600"


def test_a_line_without_end_is_not_read_to_its_end(server: Server, engine: EndpointEngine) -> None:
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
def test_a_server_without_the_model_is_refused(server: Server, change: Callable[[Server], None], words: str) -> None:
    change(server)
    with pytest.raises(Failure, match=words):
        EndpointEngine.attached(Endpoint(server.url, KEY, "big"), Cancellation())


def test_a_size_that_is_none_counts_as_not_said(server: Server) -> None:
    odd = {"id": "big", "max_model_len": 10**400, "meta": {"n_ctx": -4, "n_ctx_train": 1e400, "n_params": []}}
    server.models = {"data": [odd]}
    odd_model = EndpointEngine.attached(Endpoint(server.url, KEY, ""), Cancellation())[1]
    server.models = {"data": [{"id": "big", "meta": 5}]}
    assert odd_model == EndpointEngine.attached(Endpoint(server.url, KEY, ""), Cancellation())[1]


def test_a_name_without_end_is_cut_and_asked_for_whole(server: Server) -> None:
    server.models = {"data": [{"id": "big\n" + "x" * 100_000}]}
    engine, model = EndpointEngine.attached(Endpoint(server.url, KEY, ""), Cancellation())
    assert model.name == "big " + "x" * 116
    generate(engine, asking(QUESTION))
    assert server.asked[-1][2]["model"] == "big\n" + "x" * 100_000


def test_a_likelihood_that_no_number_holds_is_not_taken(server: Server, engine: EndpointEngine) -> None:
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


def test_nobody_there_is_a_sentence(server: Server) -> None:
    free = Server()
    free.server_close()
    with pytest.raises(Failure, match="cannot be reached"):
        EndpointEngine.attached(Endpoint(free.url, KEY, ""), Cancellation())


def test_https_to_a_server_without_it_is_not_taken_for_a_bad_certificate(server: Server) -> None:
    with pytest.raises(Failure, match="begin with http://"):
        EndpointEngine.attached(Endpoint(server.url.replace("http:", "https:"), KEY, ""), Cancellation())


def test_what_it_cannot_do_it_refuses(engine: EndpointEngine) -> None:
    cancellation = Cancellation()
    with pytest.raises(Failure) as scored:
        engine.score(Scoring(Lane.PANEL, asking().prompt, ("a",)), cancellation, Shown(cancellation))
    with pytest.raises(Failure) as followed:
        generate(engine, asking(grammar="ideas"))
    assert {scored.value.code, followed.value.code} == {"unsupported"}


def test_the_worker_asks_it_and_says_nothing_of_the_key(server: Server, tmp_path: Path) -> None:
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
