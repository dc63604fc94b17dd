"""The engine that asks an OpenAI-compatible server which the user runs, such as llama-server or vLLM.

Runs in the worker. What people wrote goes to that server and nowhere else: no proxy and no redirect is followed. The
key is in one header and in no message.
"""

from __future__ import annotations

import http.client
import json
import ssl
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from typing import Any, Self
from urllib.parse import urlsplit

from cowrite.assist.engine.wire import FailureCode
from cowrite.assist.requests import (
    Calibration,
    Chat,
    Completion,
    Ending,
    Generation,
    Model,
    Part,
    Scores,
    Scoring,
    Seen,
    Token,
    Usage,
    Window,
)
from cowrite.worker.exchange import Exchange, Refused
from cowrite.worker.said import Aloud, as_list, as_number, as_object, as_words, pieces_of
from cowrite.worker.work import Cancellation, Cancelled, Endpoint, Failure, Loaded, Loading, Reporter
from cowrite.worker.writing import Writing
from cowrite_server.wire.names import clean_name

CONNECT = 10.0  # seconds

_NAME = 120  # characters of a model's name that people are shown
_CONTEXT = 8192  # tokens, where the server does not say
_PARAMETERS = 8_000_000_000  # of a model whose size nobody says: it is run on a machine made for it
_TOLD = "chat_template_kwargs"
"""By which servers are told what their model's template shall do; OpenAI's own refuses it."""
_LETTERS = 3  # characters of a token at least, by which a window is cut that is not counted here


class EndpointEngine:
    """Asks one endpoint.

    Attributes:
        host: where the text goes, for people.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        """Raises:
        Failure: the address is none.
        """
        parts = urlsplit(endpoint.url)
        try:
            port = parts.port
        except ValueError:
            port = -1
        if parts.scheme not in ("http", "https") or not parts.hostname or port == -1 or parts.username:
            raise Failure(
                FailureCode.ENDPOINT,
                "The address of the endpoint must look like http://host:8080/v1, without a name or key in it.",
            )
        self.host = parts.hostname if port is None else f"{parts.hostname}:{port}"
        self._hostname, self._port, self._is_secure = parts.hostname, port, parts.scheme == "https"
        self._path = parts.path.rstrip("/")
        self._headers = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}
        if endpoint.key:
            self._headers["Authorization"] = f"Bearer {endpoint.key}"
        self._model = endpoint.name
        self._context = _CONTEXT
        self._may_be_told = True  # whether it takes _TOLD

    @classmethod
    def attached(cls, endpoint: Endpoint, cancellation: Cancellation) -> tuple[Self, Model]:
        """The engine for an endpoint that answers, and which model is there.

        Raises:
            Cancelled: it was cancelled.
            Failure: there is no such server, or no such model.
        """
        engine = cls(endpoint)
        return engine, engine._look(cancellation)

    @property
    def name(self) -> str:
        """Itself."""
        return "endpoint"

    def load(self, loading: Loading, cancellation: Cancellation, report: Reporter) -> Loaded:
        """Loads no files."""
        raise Failure(FailureCode.UNSUPPORTED, "An endpoint loads its models itself.")

    def generate(self, generation: Generation, cancellation: Cancellation, report: Reporter) -> Completion:
        """Has a text written."""
        begun = time.perf_counter()
        if generation.grammar:
            raise Failure(FailureCode.UNSUPPORTED, "An endpoint writes by no grammar of ours.")
        path, asked, seen = self._asked(generation)
        answer = _Answer(generation, report)
        try:
            for event in self._events(path, asked, cancellation):
                if not answer.take(event):
                    break
            if not answer.is_whole:
                if answer.first is None:
                    raise self._stranger()
                sentence = f"{self.host} broke off before it had finished its answer. Ask again."
                raise Failure(FailureCode.ENDPOINT, sentence)
        except Cancelled:
            answer.ending = Ending.CANCELLED
        answer.finish()
        if answer.ending is Ending.LENGTH and isinstance(generation.prompt, Chat) and not answer.text:
            raise Failure(
                FailureCode.ENDPOINT,
                f"The model at {self.host} thinks before it answers, and came to no answer. Turn that off where it "
                "runs, or choose another model there.",
            )
        return answer.completion(begun, seen)

    def score(self, scoring: Scoring, cancellation: Cancellation, report: Reporter) -> Scores:
        """Cannot do it."""
        raise Failure(FailureCode.UNSUPPORTED, "An endpoint does not tell how likely given texts are.")

    def calibrate(self, cancellation: Cancellation) -> Calibration:
        """Has nothing to find out."""
        raise Failure(FailureCode.UNSUPPORTED, "An endpoint runs on a machine of its own.")

    def unload(self) -> None:
        """Keeps nothing."""

    def gate(self, message: Mapping[str, Any], cancellation: Cancellation) -> None:
        """Has no gates."""

    def _look(self, cancellation: Cancellation) -> Model:
        with closing(Exchange(self._connection(), cancellation)) as exchange:
            response = exchange.ask("GET", f"{self._path}/models", None, self._headers)
            plain = self._json(exchange.whole(response))
        entries = {
            name: entry for entry in map(as_object, as_list(plain.get("data"))) if (name := as_words(entry.get("id")))
        }
        if not entries or (self._model and self._model not in entries):
            wanted = f"“{self._model}”" if self._model else "any model"
            names = filter(None, (clean_name(name, _NAME) for name in list(entries)[:5]))
            there = f" It has {', '.join(names)}." if entries else ""
            raise Failure(FailureCode.ENDPOINT, f"{self.host} does not offer {wanted}.{there}")
        self._model = self._model or next(iter(entries))
        entry = entries[self._model]
        meta = as_object(entry.get("meta"))  # of llama-server; vLLM says max_model_len
        sizes = (entry.get("max_model_len"), meta.get("n_ctx"), meta.get("n_ctx_train"))
        self._context = next(filter(None, map(as_number, sizes)), _CONTEXT)
        return Model(
            name=clean_name(self._model, _NAME) or self.host,
            sha256="",
            parameters=as_number(meta.get("n_params")) or _PARAMETERS,
            context=self._context,
            has_template=True,
            place=self.host,
        )

    def _asked(self, generation: Generation) -> tuple[str, dict[str, Any], Seen | None]:
        """Path and body of what is asked, and what of a window is in it."""
        sampling, prompt = generation.sampling, generation.prompt
        asked: dict[str, Any] = {
            "model": self._model,
            "max_tokens": generation.max_tokens,
            "temperature": sampling.temperature,
            "top_p": sampling.top_p,
            "seed": sampling.seed,
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        if generation.stop:
            asked["stop"] = list(generation.stop[:4])  # more than four are refused by some; Writing knows them all
        room = max(1, self._context - generation.max_tokens) * _LETTERS
        if isinstance(prompt, Chat):
            others = sum(_length(part) for turn in prompt.messages for part in turn.parts)
            texts = []
            seen = None
            for turn in prompt.messages:
                text, part_seen = _text(turn.parts, room - others)
                seen = seen or part_seen
                texts.append({"role": turn.role, "content": text})
            if prompt.begun:
                texts.append({"role": "assistant", "content": prompt.begun})
            if generation.scored:
                asked["logprobs"] = True
            if self._may_be_told:
                asked[_TOLD] = {"enable_thinking": False}
            return "/chat/completions", asked | {"messages": texts}, seen
        text, seen = _text(prompt.parts, room - sum(map(_length, prompt.parts)))
        if generation.scored:
            asked["logprobs"] = 1
        return "/completions", asked | {"prompt": text}, seen

    def _events(
        self, path: str, asked: Mapping[str, Any], cancellation: Cancellation
    ) -> Iterator[dict[str, Any] | None]:
        """The events of a streamed answer; None where the server says that it is at its end."""
        try:
            yield from self._answer(path, asked, cancellation)
        except Refused as refused:
            if _TOLD not in asked or not refused.is_unfit:
                raise
            for event in self._answer(path, {name: asked[name] for name in asked if name != _TOLD}, cancellation):
                self._may_be_told = False
                yield event

    def _answer(
        self, path: str, asked: Mapping[str, Any], cancellation: Cancellation
    ) -> Iterator[dict[str, Any] | None]:
        body = json.dumps(asked).encode()
        with closing(Exchange(self._connection(), cancellation)) as exchange:
            response = exchange.ask("POST", self._path + path, body, self._headers)
            while line := exchange.line(response):
                if line.lstrip().startswith(b"{"):  # it does not stream: all of it is one event
                    yield self._event(line + exchange.whole(response))
                    yield None
                    return
                name, _, value = line.strip().partition(b":")
                if name != b"data":
                    continue
                if value.strip() == b"[DONE]":
                    yield None
                    return
                yield self._event(value)

    def _event(self, plain: bytes) -> dict[str, Any]:
        event = self._json(plain)
        if event.get("error"):
            raise Failure(FailureCode.ENDPOINT, f"{self.host} failed while it wrote.")
        return event

    def _connection(self) -> http.client.HTTPConnection:
        if self._is_secure:
            context = ssl.create_default_context()
            return http.client.HTTPSConnection(self._hostname, self._port, timeout=CONNECT, context=context)
        return http.client.HTTPConnection(self._hostname, self._port, timeout=CONNECT)

    def _json(self, plain: bytes) -> dict[str, Any]:
        try:
            value = json.loads(plain)
        except (ValueError, RecursionError) as error:
            raise self._stranger() from error
        if not isinstance(value, dict):
            raise self._stranger()
        return value

    def _stranger(self) -> Failure:
        return Failure(FailureCode.ENDPOINT, f"{self.host} does not answer as an OpenAI-compatible server.")


class _Answer:
    """A text that an endpoint writes, as far as it has come.

    Attributes:
        ending: why it ends.
        is_whole: whether the server has said that it is at its end, or no more of it is wanted.
        first: when something came for the first time, in seconds of `time.perf_counter`; None before.
    """

    def __init__(self, generation: Generation, report: Reporter) -> None:
        self._writing = Writing(generation.stop, generation.stop_after)
        self._aloud = Aloud(may_think=isinstance(generation.prompt, Chat))
        self._is_scored = generation.scored
        self._report = report
        self._prompt = self._count = 0  # tokens that were read, and written
        self.ending = Ending.STOP
        self.is_whole = False
        self.first: float | None = None

    @property
    def text(self) -> str:
        """What is clear of it."""
        return self._writing.text

    def take(self, event: Mapping[str, Any] | None) -> bool:
        """Takes an event, None where the server says that it is at its end; says whether it goes on after that."""
        if event is None:
            self.is_whole = True
            return False
        self._prompt = as_number(as_object(event.get("usage")).get("prompt_tokens")) or self._prompt
        for text, probability, why in pieces_of(event):
            self.is_whole = self.is_whole or bool(why)
            if why == "length":
                self.ending = Ending.LENGTH
            if text:
                self.first = self.first or time.perf_counter()
                self._count += 1
                self._write(self._aloud.add(text), probability if self._is_scored else None)
        if self._writing.is_ended:
            self.ending, self.is_whole = Ending.STOP, True
        return not self._writing.is_ended

    def finish(self) -> None:
        """Nothing more comes: what was held back is written."""
        if not self._writing.is_ended:
            self._write(self._aloud.rest(), None)
            self._tell(self._writing.finish())

    def completion(self, begun: float, seen: Seen | None) -> Completion:
        """All of it.

        Args:
            begun: when it was asked for, in seconds of `time.perf_counter`.
            seen: what of a window was in the request.
        """
        until_first = None if self.first is None else self.first - begun
        took = Usage(self._prompt, 0, self._prompt, self._count, until_first, time.perf_counter() - begun)
        return Completion(self.text, tuple(self._writing.tokens), self.ending, seen, took)

    def _write(self, text: str, probability: float | None) -> None:
        if text:
            self._tell(self._writing.add_text(text, probability))

    def _tell(self, tokens: Iterable[Token]) -> None:
        for token in tokens:
            self._report.token(token)


def _length(part: Part) -> int:
    return 0 if isinstance(part, Window) else len(part.text)


def _text(parts: tuple[Part, ...], room: int) -> tuple[str, Seen | None]:
    """Parts joined, a window among them cut to some characters at its paragraphs' ends, and what is seen of it."""
    texts, seen = [], None
    for part in parts:
        if not isinstance(part, Window):
            texts.append(part.text)
            continue
        total = len(part.paragraphs)
        ordered = part.paragraphs if part.keep == "start" else part.paragraphs[::-1]
        count, size = 0, 0
        while count < total and size + len(ordered[count]) <= room:
            size += len(ordered[count])
            count += 1
        if count < total and size < room // 2:  # a paragraph too long for it all
            rest = room - size
            kept = ordered[count][:rest] if part.keep == "start" else ordered[count][-rest:]
            ordered = (*ordered[:count], kept)
            count += 1
        shown = ordered[:count] if part.keep == "start" else ordered[:count][::-1]
        seen = Seen(0, count, total) if part.keep == "start" else Seen(total - count, total, total)
        texts.append("".join(shown))
    return "".join(texts), seen
