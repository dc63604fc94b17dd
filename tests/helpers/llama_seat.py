"""The engine that runs real models, within the test's own process."""

from __future__ import annotations

from pathlib import Path

from cowrite.assist.requests import Completing, Completion, Generation, Lane, Prompt, Sampling, Token, Words
from cowrite.worker.llama import LlamaEngine
from cowrite.worker.work import Cancellation, Loaded, Loading, Settings


class Notes:
    """Writes down how far requests are, and cancels where it is told.

    Attributes:
        fractions: of the loading.
        read: done and total of what was read.
        texts: pieces that were shown.
    """

    def __init__(self, cancellation: Cancellation) -> None:
        self._cancellation = cancellation
        self.fractions: list[float] = []
        self.read: list[tuple[int, int]] = []
        self.texts: list[str] = []
        self.cancel_loading = False
        self.cancel_reading_at = 0
        self.cancel_writing_at = 0

    def loading(self, fraction: float) -> None:
        self.fractions.append(fraction)
        if self.cancel_loading:
            self._cancellation.set()

    def prefill(self, done: int, total: int) -> None:
        self.read.append((done, total))
        if len(self.read) == self.cancel_reading_at:
            self._cancellation.set()

    def token(self, token: Token) -> None:
        self.texts.append(token.text)
        if len(self.texts) == self.cancel_writing_at:
            self._cancellation.set()


class LlamaSeat:
    """An engine with a model, or without one at first."""

    def __init__(self, path: Path | None = None, settings: Settings | None = None) -> None:
        self.engine = LlamaEngine()
        self.cancellation = Cancellation()
        self.notes = Notes(self.cancellation)
        self.settings = settings or Settings(threads=1)
        self.loaded = self.load(path) if path is not None else None

    def load(self, path: Path) -> Loaded:
        """Loads a model."""
        return self.engine.load(Loading(path, "", self.settings), self.cancellation, self.notes)

    def generate(self, generation: Generation) -> Completion:
        """Has a text written."""
        return self.engine.generate(generation, self.cancellation, self.notes)

    def go_on(self, prompt: Prompt | str, tokens: int = 16, lane: Lane = Lane.PANEL, **fields: object) -> Completion:
        """Has a text gone on with; likeliest tokens only, unless `sampling` says else."""
        prompt = Completing((Words(prompt),)) if isinstance(prompt, str) else prompt
        fields.setdefault("sampling", Sampling())
        return self.generate(Generation(lane, prompt, tokens, **fields))  # type: ignore[arg-type]

    def again(self) -> None:
        """Forgets what was cancelled, and what was written down."""
        self.cancellation.clear()
        self.notes = Notes(self.cancellation)
