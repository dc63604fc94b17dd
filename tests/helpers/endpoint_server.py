"""An OpenAI-compatible server, played by a small one here."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

MODELS = {"data": [{"id": "big", "max_model_len": 4096}, {"id": "small", "meta": {"n_params": 600_000_000}}]}


class EndpointServer(ThreadingHTTPServer):
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
    server: EndpointServer

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
        asks, is_chat = body.get("logprobs"), "prompt" not in body
        said: dict[str, Any] = {"delta": {"content": piece}} if is_chat else {"text": piece}
        logs: dict[str, Any] = {"content": [{"logprob": -0.5}]} if is_chat else {"token_logprobs": [-0.5]}
        return {"choices": [{**said, "logprobs": logs if asks else None}]}

    def _event(self, plain: dict[str, Any]) -> None:
        self.wfile.write(b": keep alive\ndata: " + json.dumps(plain).encode() + b"\n\n")
        self.wfile.flush()

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
