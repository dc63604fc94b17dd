"""Every surface reads notes and ballots through `core.sessions.visibility`: nothing else asks board or polls for them.

The source is read, not run: whatever looks like an access to the notes of a Board or to the polls of a Polls, by a
name, an attribute or an annotation, counts, and so does opening the root of the board for oneself, or as a Series.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import cowrite

SOURCE = Path(cowrite.__file__).parent
READERS = {"board": {"notes", "note", "members", "merged"}, "polls": {"all", "get"}}
CLASSES = {"Board": "board", "Polls": "polls"}
TOLD_BY = re.compile("[bB]oard|[pP]olls|entries|Series")
"""A module without these words names neither of the classes, nor their variables, nor opens a root."""
MAY_READ = {
    "core/board/board.py": "it is the board",
    "core/brainstorm/brainstorm.py": "gives visibility what it decides about",
    "core/sessions/visibility.py": "decides",
}
MAY_OPEN = {
    **MAY_READ,
    "core/decisions/actions.py": "it is the actions",
    "core/sessions/polls.py": "it is the polls",
    "core/board/series.py": "what has leave is one",
    "core/board/proposals.py": "holds what was dismissed",
    "core/sessions/running.py": "looks whether a session runs",
    "core/sessions/sessions.py": "it is the sessions",
    "core/document/words_beside.py": "gathers words that are in the document, for the search of whoever has it",
}
SEALING = ("bridge/shared/kept", "bridge/shared/sealed", "storage/sealed", "sync/sealed")
"""What carries sealed notes and ballots to the board, and asks whether they are there."""


class Surface(ast.NodeVisitor):
    """What one module reads of the board past visibility."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.found: list[str] = []
        self._kinds: dict[str, str] = {}

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self._learn(node.target, self._annotated(node.annotation))
        self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> None:
        if (kind := self._annotated(node.annotation)) is not None:
            self._kinds[node.arg] = kind

    def visit_Assign(self, node: ast.Assign) -> None:
        for target in node.targets:
            self._learn(target, self._kind(node.value))
        self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        kind = self._kind(node.value)
        if kind is not None and node.attr in READERS[kind] and not self._may(MAY_READ):
            self.found.append(f"{self.path}:{node.lineno}: {ast.unparse(node)}")
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        is_opening = isinstance(node.func, ast.Attribute) and node.func.attr == "entries" and node.args
        if is_opening and self._is_board_root(node.args[0]) and not self._may(MAY_OPEN):
            self.found.append(f"{self.path}:{node.lineno}: {ast.unparse(node)}")
        self.generic_visit(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        if any("Series" in ast.unparse(base) for base in node.bases) and not self._may(MAY_OPEN):
            self.found.append(f"{self.path}:{node.lineno}: {node.name} is a Series")
        self.generic_visit(node)

    def _may(self, allowed: dict[str, str]) -> bool:
        return self.path in allowed or self.path.startswith(SEALING)

    def _learn(self, target: ast.expr, kind: str | None) -> None:
        name = target.id if isinstance(target, ast.Name) else getattr(target, "attr", "")
        if kind is not None and name:
            self._kinds[name] = kind

    def _kind(self, value: ast.expr) -> str | None:
        """Whether an expression is a board or the polls."""
        if isinstance(value, ast.Call):
            return self._kind(value.func) if isinstance(value.func, ast.Name) else None
        name = value.id if isinstance(value, ast.Name) else getattr(value, "attr", "")
        bare = name.lstrip("_")
        return self._kinds.get(name) or CLASSES.get(name) or (bare if bare in READERS else None)

    @staticmethod
    def _annotated(annotation: ast.expr | None) -> str | None:
        words = (
            set()
            if annotation is None
            else {
                getattr(node, "id", getattr(node, "attr", getattr(node, "value", None)))
                for node in ast.walk(annotation)
            }
        )
        return next((kind for name, kind in CLASSES.items() if name in words), None)

    @staticmethod
    def _is_board_root(argument: ast.expr) -> bool:
        if isinstance(argument, ast.Constant):
            return argument.value == "board"
        return not (isinstance(argument, ast.Name) and argument.id in ("DECISIONS", "COMMENTS", "SUGGESTIONS"))


def bypasses(path: str, source: str) -> list[str]:
    """What a module reads past visibility, each as place and expression."""
    if not TOLD_BY.search(source):
        return []
    surface = Surface(path)
    surface.visit(ast.parse(source))
    return surface.found


def modules() -> Iterator[tuple[str, str]]:
    for file in sorted(SOURCE.rglob("*.py")):
        yield file.relative_to(SOURCE).as_posix(), file.read_text(encoding="utf-8")


def test_notes_and_ballots_are_read_through_visibility_alone():
    found = [each for path, source in modules() for each in bypasses(path, source)]
    assert found == [], "read through core.visibility instead"


def test_what_may_read_past_visibility_is_there_and_does():
    sources = dict(modules())
    for path in MAY_OPEN:
        assert bypasses("gui/elsewhere.py", sources[path]), f"{path} needs no leave any more"


@pytest.mark.parametrize(
    "line",
    [
        "brainstorm.board.notes(merged=True)",
        "self._brainstorm.board.note(id)",
        "list(map(board.note, ids))",
        "things = brainstorm.board\nthings.members('')",
        "def show(every: Board | None) -> None:\n    every.merged('note:1')",
        "class Page:\n    ideas: 'Board'\n    def show(self):\n        return self.ideas.notes()",
        "Board(document, chance=chance, clock=clock).notes()",
        "self.brainstorm.polls.all()",
        "asked = Polls(document, chance=chance, clock=clock)\nasked.get('poll:1')",
        "document.entries('board').all('note')",
        "document.entries(ROOT).all('poll')",
        "class Notes(Series[Note]):\n    kind = 'note'",
    ],
)
def test_a_surface_that_reads_past_visibility_is_caught(line):
    assert len(bypasses("gui/board/planted.py", line)) == 1


@pytest.mark.parametrize(
    "line",
    [
        "brainstorm.visibility.notes()",
        "self.visibility.polls()",
        "brainstorm.board.groups()",
        "brainstorm.board.merge_notes(id, others)",
        "settings.all()",
    ],
)
def test_what_reads_through_visibility_or_writes_is_left_alone(line):
    assert bypasses("gui/board/planted.py", line) == []
