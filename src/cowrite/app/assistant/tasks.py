"""Tasks: what can be asked of the model, as the panel lists it and as jobs; the style card that goes with it.

Runs on the GUI thread. Prompt files and style card are read anew each time the panel comes up: a person can change them
with any editor.
"""

from __future__ import annotations

from cowrite.assist.prompts.files import Kind, PromptFile, PromptFiles
from cowrite.assist.prompts.reading import load_prompt_files
from cowrite.assist.prompts.style_card import FILE_NAME, BadStyleCard, StyleCard, read_style_card
from cowrite.gui.assistant.values import Source, Subject, TaskChoice
from cowrite.paths import Paths, resources

CONTINUE = "continue"
_ASKS = {
    "instruction": "How it should read",
    "language": "Into which language",
    "question": "Your question",
    "reader": "For whom",
}
_SOURCES = (Source.DRAFT, Source.PASTED, Source.NOTES)
_ABOUT = "About what? Empty for everything"
_TIPS = {
    "rewrite-shorter": "The selected text in fewer words",
    "rewrite-longer": "The selected text in more detail",
    "rewrite-plainer": "The selected text in plain words",
    "rewrite-formal": "The selected text in a formal tone",
    "rewrite-friendly": "The selected text in a friendly tone",
    "rewrite-correct": "The selected text with spelling and grammar put right",
    "rewrite-translate": "The selected text in another language",
    "rewrite-own": "The selected text, changed as you say",
    "ask": "An answer from the draft, with quotes that lead to their places",
    "decisions": "What was decided, with quotes that lead to their places",
    "summarise": "The gist of the selected text or of the whole document",
    "outline": "The outline of the document",
    "draft": "A draft from the selected outline or the whole document",
    "title": "A title for the document",
    "describe": "The document described for a reader whom you name",
}
_GROUPS = {Kind.REWRITE: "Rewrite", Kind.ASK: "Read", Kind.DECIDE: "Read", Kind.WRITE: "Write"}


class Tasks:
    """The tasks of one person.

    Args:
        paths: where this person's files are.
    """

    def __init__(self, paths: Paths) -> None:
        self._own = paths.config / "prompts"
        self.style_path = paths.config / FILE_NAME
        self._files: PromptFiles | None = None

    @property
    def files(self) -> PromptFiles:
        """All prompt files."""
        if self._files is None:
            self._files = load_prompt_files(resources() / "prompts", self._own)
        return self._files

    @property
    def problems(self) -> str:
        """What is wrong with a person's own prompt files; empty for nothing."""
        return " ".join(map(str, self.files.problems))

    def read_again(self) -> None:
        """Looks anew at the files, with the next question."""
        self._files = None

    def choices(self) -> list[TaskChoice]:
        """What the panel lists."""
        shown = [file for file in self.files.files.values() if file.kind is not Kind.CONTINUE]
        order = list(_TIPS)
        ours = sorted((file for file in shown if file.name in _TIPS), key=lambda file: order.index(file.name))
        own = [file for file in self.files.own if file.kind not in (Kind.CONTINUE, Kind.DECIDE)]
        grouped = sorted(ours, key=lambda file: list(_GROUPS).index(file.kind))
        return [_choice(file, _GROUPS[file.kind]) for file in grouped] + [_choice(file, "Your own") for file in own]

    # The style card

    def style(self) -> tuple[StyleCard, str]:
        """The card for prompts, and why the person's own cannot be used; then an empty one is given."""
        try:
            return read_style_card(self.style_path), ""
        except BadStyleCard as error:
            return StyleCard(), str(error)


def _choice(file: PromptFile, group: str) -> TaskChoice:
    tip = _TIPS.get(file.name, f"Your own task: {file.title}")
    if file.kind is Kind.DECIDE:
        return TaskChoice(file.name, file.title, tip, group, Subject.EITHER, _ABOUT, True, _SOURCES)
    asks = ", ".join(words for slot, words in _ASKS.items() if slot in file.slots)
    asked = asks[:1] + asks[1:].lower()  # one text for all of them
    subject = {Kind.REWRITE: Subject.SELECTION, Kind.ASK: Subject.DOCUMENT}.get(file.kind, Subject.EITHER)
    return TaskChoice(file.name, file.title, tip, group, subject, asked)
