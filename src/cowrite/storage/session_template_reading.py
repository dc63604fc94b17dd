"""Reads session templates, and says in one sentence where one is wrong and what to do.

Runs anywhere. What a file may hold is described in `resources/templates/README.md`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from types import MappingProxyType
from typing import Any

from cowrite.core.board.items import Frame, Place
from cowrite.core.sessions.sessions import VARIANTS, Phase
from cowrite.storage.session_templates import BadTemplate, Lens, SessionTemplate, SessionTemplates

MAX_FILE = 64 * 1024  # bytes
MOST_MINUTES = 60 * 24 * 30
MOST_LENSES = 40
MOST_FRAMES = 40
REACH = 100_000  # units of the board
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,60}")
_HEADER = re.compile(r"\s*\[+\s*(\w+)\s*\]+")
_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)")
FIRST = "how-might-we"
"""The template that is listed first."""


def load_session_templates(ours: Path, own: Path | None = None) -> SessionTemplates:
    """Reads all templates: those of cowrite by title, the plainest first, then the person's own by title.

    Args:
        ours: the folder of those that cowrite brings.
        own: the folder of those that a person added; it need not exist. They cannot take the place of ours.

    Raises:
        BadTemplate: one of ours is not sound. One that was added and is not sound is among the problems.
        OSError: ours cannot be read.
    """
    templates = [_read(path, is_own=False) for path in _listed(ours)]
    templates.sort(key=lambda template: (template.name != FIRST, template.title))
    names = {template.name for template in templates}
    added: list[SessionTemplate] = []
    problems: list[BadTemplate] = []
    for path in _listed(own) if own is not None and own.is_dir() else ():
        try:
            if path.stem in names:
                raise BadTemplate(path, 0, "cowrite has a template of this name; rename the file")
            added.append(_read(path, is_own=True))
        except BadTemplate as problem:
            problems.append(problem)
    added.sort(key=lambda template: template.title)
    return SessionTemplates((*templates, *added), tuple(problems))


def _listed(folder: Path) -> Iterable[Path]:
    return sorted(folder.glob("*.toml"))


def _read(path: Path, *, is_own: bool) -> SessionTemplate:
    try:
        if path.stat().st_size > MAX_FILE:
            raise BadTemplate(path, 0, f"it is larger than {MAX_FILE // 1024} kB; shorten it")
        data = path.read_bytes()
    except OSError as error:
        raise BadTemplate(path, 0, f"it cannot be read ({error.strerror or error})") from error
    return parse_session_template(data, path, is_own=is_own)


def parse_session_template(data: bytes, path: Path, *, is_own: bool = False) -> SessionTemplate:
    """Reads one template.

    Args:
        data: its content.
        path: where it is; its stem names the template.
        is_own: whether a person added it.

    Raises:
        BadTemplate: it is not sound.
    """
    try:
        content = data.decode("utf-8-sig")  # as some editors of Windows write it
        plain = tomllib.loads(content)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise BadTemplate(path, line, "it is not UTF-8; save it with that encoding") from error
    except tomllib.TOMLDecodeError as error:
        said = str(error)
        found = _AT_LINE.search(said)
        line = int(found[1]) if found else content.count("\n") + 1
        what = _AT_LINE.sub("", said).replace("(at end of document)", "").strip()
        raise BadTemplate(path, line, f"it is not TOML ({what}); put texts into quotation marks") from error
    except (ValueError, RecursionError) as error:  # what is TOML, but too much for Python
        raise BadTemplate(path, 0, "a number in it is too long, or a list too deep; shorten it") from error
    if not _NAME.fullmatch(path.stem):
        raise BadTemplate(path, 0, "its name may have small letters, digits and hyphens only; rename the file")
    return _template(_Reader(path, content), plain, is_own)


def _template(reader: _Reader, plain: dict[str, Any], is_own: bool) -> SessionTemplate:
    lenses, frames = reader.tables(plain, "lenses", MOST_LENSES), reader.tables(plain, "frames", MOST_FRAMES)
    minutes = reader.table(plain, "minutes")
    template = SessionTemplate(
        name=reader.path.stem,
        title=reader.text(plain, "title", needed=True),
        description=reader.text(plain, "description"),
        question=reader.text(plain, "question"),
        hint=reader.text(plain, "hint"),
        phases=_phases(reader, plain),
        minutes=MappingProxyType(_minutes(reader, minutes)),
        lenses=tuple(_lens(reader, table, place) for place, table in enumerate(lenses)),
        frames=tuple(_frame(reader, table, place) for place, table in enumerate(frames)),
        groups=reader.texts(plain, "groups"),
        criteria=reader.texts(plain, "criteria"),
        is_own=is_own,
    )
    reader.nothing_else(plain, "")
    return template


def _phases(reader: _Reader, plain: dict[str, Any]) -> tuple[Phase, ...]:
    line = reader.line("phases")
    names = reader.texts(plain, "phases")
    for name in names:
        if name not in set(Phase):
            known = ", ".join(Phase)
            raise BadTemplate(reader.path, line, f"there is no phase “{name}”; take some of {known}")
    return tuple(map(Phase, dict.fromkeys(names))) or VARIANTS["full"]


def _minutes(reader: _Reader, table: dict[str, Any]) -> dict[Phase, int]:
    minutes: dict[Phase, int] = {}
    for name in list(table):
        if name not in set(Phase):
            line = reader.line(name, "minutes")
            raise BadTemplate(reader.path, line, f"there is no phase “{name}”; take some of {', '.join(Phase)}")
        minutes[Phase(name)] = int(reader.number(table, name, ("minutes", 0), 0, 0, MOST_MINUTES))
    return minutes


def _lens(reader: _Reader, table: dict[str, Any], place: int) -> Lens:
    at = ("lenses", place)
    lens = Lens(reader.text(table, "name", at), reader.text(table, "prompt", at, needed=True))
    reader.nothing_else(table, "lenses", place)
    return lens


def _frame(reader: _Reader, table: dict[str, Any], place: int) -> Frame:
    at = ("frames", place)
    title = reader.text(table, "title", at, needed=True)
    x, y = (reader.number(table, name, at, 0, -REACH, REACH) for name in ("x", "y"))
    width, height = (reader.number(table, name, at, 400, 40, REACH) for name in ("width", "height"))
    reader.nothing_else(table, "frames", place)
    return Frame("", title, Place(x, y, width, height))


class _Reader:
    """Takes members out of a table, and says where one is wrong."""

    def __init__(self, path: Path, content: str) -> None:
        self.path = path
        self._lines = content.splitlines()

    def line(self, key: str, table: str = "", place: int = 0) -> int:
        """The line of a key in the so-and-so-manieth table of a name; that of the table where the key lacks."""
        here, count, found = "", -1, 0
        for number, line in enumerate(self._lines, 1):
            if header := _HEADER.fullmatch(line.split("#")[0].rstrip()):
                here = header[1]
                count += here == table
                if here == table and count == place:
                    found = number
            elif here == table and (not table or count == place) and re.match(rf'\s*"?{re.escape(key)}"?\s*=', line):
                return number
        return found

    def text(self, table: dict[str, Any], key: str, at: tuple[str, int] = ("", 0), *, needed: bool = False) -> str:
        value = table.pop(key, "")
        if not isinstance(value, str):
            raise BadTemplate(self.path, self.line(key, *at), f"“{key}” must be a text; put it into quotation marks")
        if needed and not value.strip():
            where = f" in [[{at[0]}]]" if at[0] else ""
            raise BadTemplate(self.path, self.line(key, *at), f'it lacks “{key}”{where}; add a line {key} = "…"')
        return value.strip()

    def texts(self, table: dict[str, Any], key: str) -> tuple[str, ...]:
        value = table.pop(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
            reason = f'“{key}” must be a list of texts; write it as {key} = ["…", "…"]'
            raise BadTemplate(self.path, self.line(key), reason)
        return tuple(dict.fromkeys(value))

    def number(
        self, table: dict[str, Any], key: str, at: tuple[str, int], default: float, low: float, high: float
    ) -> float:
        value = table.pop(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            hint = "; write it without quotation marks" if isinstance(value, str) else ""
            reason = f"“{key}” must be a number from {low} to {high}{hint}"
            raise BadTemplate(self.path, self.line(key, *at), reason)
        return value

    def table(self, plain: dict[str, Any], key: str) -> dict[str, Any]:
        value = plain.pop(key, {})
        if not isinstance(value, dict):
            raise BadTemplate(self.path, self.line(key), f"“{key}” must be a table; begin it with a line [{key}]")
        return dict(value)

    def tables(self, plain: dict[str, Any], key: str, most: int) -> list[dict[str, Any]]:
        value = plain.pop(key, [])
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise BadTemplate(self.path, self.line(key), f"“{key}” must be tables; begin each with a line [[{key}]]")
        if len(value) > most:
            raise BadTemplate(self.path, self.line("", key, most), f"it has more than {most} {key}; leave some out")
        return [dict(one) for one in value]

    def nothing_else(self, table: dict[str, Any], where: str, place: int = 0) -> None:
        for key in table:
            reason = f"“{key}” is not known here; see the README beside cowrite’s own templates, or take it out"
            raise BadTemplate(self.path, self.line(key, where, place) or self.line("", key), reason)
