"""What each part needs to be importable; the arrows themselves are held by import-linter."""

from __future__ import annotations

import ast
import importlib
import importlib.metadata
import json
import re
import subprocess
import sys
import tomllib
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from helpers.bootstrap_script import CHECKOUT

FIRST_WORD = re.compile(r"^(?:from|import) +(\w+)", re.MULTILINE)
"""What a line imports, or says after the same word."""

WITHOUT_QT = """
import pkgutil, sys, importlib

class NoQt:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("PySide6", "shiboken6"):
            raise ImportError(f"{name} is not installed")

sys.meta_path.insert(0, NoQt())
for package in map(importlib.import_module, sys.argv[1:]):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        importlib.import_module(module.name)
"""


def test_the_parts_below_the_bridge_work_where_qt_is_not_installed():
    packages = [f"cowrite.{name}" for name in ("core", "sync", "assist", "models", "storage", "convert")]
    done = subprocess.run([sys.executable, "-c", WITHOUT_QT, *packages], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_server_works_where_neither_qt_nor_the_app_is_installed():
    script = WITHOUT_QT.replace('("PySide6", "shiboken6")', '("PySide6", "shiboken6", "cowrite")')
    script = script.replace(
        "importlib.import_module(module.name)", "module.name.endswith('__main__') or __import__(module.name)"
    )
    done = subprocess.run([sys.executable, "-c", script, "cowrite_server"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("package", ["src/cowrite", "server/src/cowrite_server"])
def test_no_files_import_each_other_in_a_circle(package):
    """Nor do they for their types: who names its whole knows too much."""
    folder = CHECKOUT / package
    paths = folder.rglob("*.py")
    files = {".".join(path.relative_to(folder.parent).with_suffix("").parts): path for path in paths}
    order = TopologicalSorter({name: imported_by(path) & set(files) for name, path in files.items()})
    order.prepare()  # raises CycleError, which names the circle


def imported_by(path: Path) -> set[str]:
    """The modules that a file names in its imports, wherever they stand in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}", *(f"{node.module}.{each.name}" for each in node.names)}
    return found


@pytest.mark.parametrize("project", ["pyproject.toml", "server/pyproject.toml"])
def test_every_command_that_is_installed_begins_with_something_that_is_there(project):
    written = tomllib.loads((CHECKOUT / project).read_text(encoding="utf-8"))["project"]
    commands = {**written["scripts"], **written.get("gui-scripts", {})}
    for command in commands.values():
        module, _, function = command.partition(":")
        assert callable(getattr(importlib.import_module(module), function)), command


STORES = r"store/(sqlite|postgres|opening|backups)"
"""What knows which databases there are: each database's own modules, and what opens, restores and drafts them."""

OPENING = """
import cowrite.app.start.before_qt
import inspect, json, sys
read = []
inspect.getsource = lambda thing: read.append(str(thing)) or ""
from cowrite.app.application import Application
from cowrite.app.start.run import make_qt_application
from cowrite.paths import HOME_VARIABLE, Paths
before = list(sys.modules)
application = Application(make_qt_application(), Paths.of({HOME_VARIABLE: sys.argv[1]}))
draft = application.documents.new()
from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtTest import QTest
QTest.keyClicks(draft.editor, "a")
made = [each.__name__ for each in type.__subclasses__(QObject)]
QCoreApplication.processEvents()
assert draft.window.isVisible()
assert draft.editor.toPlainText() == "a"
print(json.dumps({"read": read, "before": before, "made": made, "opened": list(sys.modules)}))
application._end()
"""


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    """A start: the modules that are loaded before there is a window, and once a draft is open in one, the sources
    that were read before, and the classes of Qt that are made once a key was pressed."""
    home = str(tmp_path_factory.mktemp("home"))
    done = subprocess.run([sys.executable, "-c", OPENING, home], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_the_window_is_there_before_the_network_and_the_converters_are_loaded(begun):
    late = {
        "cowrite_server.server",
        "websockets",
        "markdown_it",
        "cowrite.convert.html.reader",
        "cowrite.app.files.export",
    }
    assert "cowrite.gui.page.editor" in begun["before"]
    assert late.isdisjoint(begun["before"])


def test_no_source_is_read_and_nobody_asked_for_a_version_when_the_application_starts(begun):
    assert begun["read"] == []
    assert "importlib.metadata" not in begun["before"]


def test_the_first_window_takes_keys_before_the_classes_with_a_thousand_constants_are_made(begun):
    # PySide makes a class when it is first named; QStyle alone takes as long as many modules together.
    assert "QAction" in begun["made"]  # what is made is seen
    assert "QStyle" not in begun["made"]


def test_a_draft_is_open_before_board_and_decisions_and_sessions_are_loaded(begun):
    late = {
        "cowrite.core.board.board",
        "cowrite.core.board.items",
        "cowrite.core.decisions.decisions",
        "cowrite.core.brainstorm.brainstorm",
        "docx",
        "lxml",
    }
    late |= {"cowrite.core.comments.comments", "cowrite.app.comments.flow", "cowrite.gui.comments.panel"}
    late |= {"cowrite.gui.decisions.view", "cowrite.app.decisions.flow", "cowrite.convert.decision_lines"}
    late |= {
        "cowrite.core.sessions.sessions",
        "cowrite.core.sessions.polls",
        "cowrite.app.session.flow",
        "cowrite.gui.session",
    }
    assert "cowrite.app.draft.draft" in begun["opened"]
    assert late.isdisjoint(begun["opened"])


def test_a_document_is_there_before_asyncio_is_loaded():
    script = (
        "import sys; from cowrite.core.mending.mended_document import MendedDocument; "
        "MendedDocument(clock=lambda: 0); print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "asyncio" not in done.stdout.split()


@pytest.mark.parametrize(
    ("engine", "knowers"),
    [
        (r"cowrite_server\.store\.(sqlite|postgres)|cowrite_server\.folder|sqlite3|psycopg", STORES),
        (r"cowrite_server\.bus\.redis|redis", r"bus/(redis|opening)"),
    ],
)
def test_the_server_knows_a_store_and_a_bus_and_no_engine_of_either(engine, knowers):
    folder = CHECKOUT / "server" / "src" / "cowrite_server"
    found = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in _imported(node)
        if re.match(engine, name)
    }
    assert [path for path in found if not re.match(knowers, path)] == []
    assert len(found) > 1


def test_all_that_the_app_loads_comes_with_it():
    """What may be missing, the engine and what comes with it, is loaded by the worker alone, or where it is needed."""
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    there = {_plain(re.match(r"[\w.-]+", wanted)[0]) for wanted in project["dependencies"]} | {"cowrite"}
    providers = importlib.metadata.packages_distributions()

    def is_there(name: str) -> bool:
        return not there.isdisjoint(map(_plain, providers.get(name, [name])))

    lacking = set()
    for path in (CHECKOUT / "src").rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        if all(map(is_there, set(FIRST_WORD.findall(source)) - sys.stdlib_module_names)):
            continue  # no need to tell its imports from its texts
        for node in ast.parse(source).body:
            for name in {name.partition(".")[0] for name in _imported(node)} - sys.stdlib_module_names:
                is_engine = name in ("llama_cpp", "jinja2", "numpy") and path.parent.name == "worker"
                if not is_engine and not is_there(name):
                    lacking.add((path.name, name))
    assert not lacking


def _imported(node: ast.AST) -> list[str]:
    """The modules that a statement imports, and those that it may import."""
    if isinstance(node, ast.ImportFrom) and not node.level:
        return [node.module, *(f"{node.module}.{each.name}" for each in node.names)]
    return [each.name for each in node.names] if isinstance(node, ast.Import) else []


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
