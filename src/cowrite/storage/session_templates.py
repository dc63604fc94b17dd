"""Session templates: ways to go from a question to a decision, as files that people can write themselves.

Runs anywhere. Those that cowrite brings are in `resources/templates`, a person's own in a folder of theirs, in the same
form, described in `resources/templates/README.md`. `session_template_reading` reads them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from types import MappingProxyType

from cowrite.core.board.items import Frame
from cowrite.core.sessions.sessions import VARIANTS, Phase
from cowrite.errors import CowriteError
from cowrite.storage.names import is_device
from cowrite.storage.placing import write_in_place


class BadTemplate(CowriteError):
    """A template file cannot be used.

    Attributes:
        path: the file.
        line: where in it, from 1; 0 for the whole file.
        reason: what is wrong and what to do, as the rest of a sentence.
    """

    def __init__(self, path: Path, line: int, reason: str) -> None:
        place = f", line {line}," if line else ""
        super().__init__(f"The session template “{path}”{place} cannot be used: {reason}.")
        self.path = path
        self.line = line
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Lens:
    """One view through which to look while writing.

    Attributes:
        name: in a word or two; may be empty.
        prompt: what it asks.
    """

    name: str
    prompt: str

    @property
    def words(self) -> str:
        """As it is shown."""
        return f"{self.name}: {self.prompt}" if self.name else self.prompt


@dataclass(frozen=True, slots=True)
class SessionTemplate:
    """One way through a session.

    Attributes:
        name: of the file, without its suffix.
        title: in the list.
        description: what one does with it.
        question: how the question begins.
        hint: how to word the question.
        phases: in their order.
        minutes: suggested lengths that differ from those of the phases.
        lenses: shown one by one while people write.
        frames: put on the board at the start.
        groups: titles of groups that are there from the start.
        criteria: on which the shortlist is scored.
        is_own: whether a person added it.
    """

    name: str
    title: str
    description: str = ""
    question: str = ""
    hint: str = ""
    phases: tuple[Phase, ...] = VARIANTS["full"]
    minutes: Mapping[Phase, int] = field(default_factory=lambda: MappingProxyType({}))
    lenses: tuple[Lens, ...] = ()
    frames: tuple[Frame, ...] = ()
    groups: tuple[str, ...] = ()
    criteria: tuple[str, ...] = ()
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class SessionTemplates:
    """All templates, and what is wrong with the files that could not be used."""

    templates: tuple[SessionTemplate, ...]
    problems: tuple[BadTemplate, ...] = ()


class NameTaken(CowriteError):
    """There is a template of that title already.

    Attributes:
        path: its file.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(f"There is a template “{path}” already; give this one another title, or delete that file.")
        self.path = path


def save_template(folder: Path, template: SessionTemplate, taken: Iterable[str] = ()) -> Path:
    """Writes a person's own template, and gives the file.

    Args:
        folder: theirs; it is made where it is not there.
        template: its `title` names the file, with a number where another one of whose letters the name says nothing
            has that name.
        taken: names that cowrite's own templates have.

    Raises:
        NameTaken: there is a template of this title, or of a name that says all of it.
        OSError: it cannot be written.
    """
    content = template_text(template).encode("utf-8")
    title, names, stem = content.split(b"\n")[0], set(taken), file_name(template.title)
    path = folder / f"{stem}.toml"
    for number in count(2):
        if not path.exists() and path.stem not in names:
            break
        if template.title.isascii() or (path.exists() and path.read_bytes().split(b"\n")[0] == title):
            raise NameTaken(path)
        path = folder / f"{stem}-{number}.toml"
    folder.mkdir(parents=True, exist_ok=True)
    write_in_place(path, content)
    return path


def file_name(title: str) -> str:
    """The name of a template's file for a title: small letters, digits and hyphens."""
    words = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
    name = words[:50].rstrip("-") or "template"  # with room for a number
    return f"{name}-template" if is_device(name) else name


def template_text(template: SessionTemplate) -> str:
    """A template as the text of its file."""
    lines = [f"title = {_quoted(template.title)}"]
    texts = {name: getattr(template, name) for name in ("description", "question", "hint")}
    lists = {name: getattr(template, name) for name in ("phases", "groups", "criteria")}
    lines += [f"{name} = {_quoted(words)}" for name, words in texts.items() if words]
    lines += [f"{name} = {_list(words)}" for name, words in lists.items() if words]
    if template.minutes:
        lines += ["", "[minutes]", *(f"{phase} = {minutes}" for phase, minutes in template.minutes.items())]
    for lens in template.lenses:
        lines += ["", "[[lenses]]", f"name = {_quoted(lens.name)}", f"prompt = {_quoted(lens.prompt)}"]
    for frame in template.frames:
        lines += ["", "[[frames]]", f"title = {_quoted(frame.title)}"]
        lines += [f"{name} = {getattr(frame.place, name):g}" for name in ("x", "y", "width", "height")]
    return "\n".join(lines) + "\n"


def _quoted(words: str) -> str:
    return json.dumps(words, ensure_ascii=False).replace("\x7f", "\\u007f")  # a basic string of TOML


def _list(words: Iterable[str]) -> str:
    return f"[{', '.join(_quoted(str(each)) for each in words)}]"
