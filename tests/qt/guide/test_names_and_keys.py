"""The guide calls things what the windows call them, and has their keys."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

import cowrite
from cowrite.gui.board.command_table import COMMANDS
from cowrite.gui.commands.menus import shortcuts, specs
from cowrite.gui.ideas.commands import KEYS
from cowrite.paths import resources

GUIDE = resources() / "guide"
PAGES = sorted(GUIDE.glob("*.md"))
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
NAME = re.compile(r"(?<![\w*])\*([^*\n]+)\*(?![\w*])")
OWN_WORDS = {"color", "colour", "grey", "don't", "don’t", "Saved", "ask", "“…” is right"}
"""What stands in italics and is no name: what somebody types, and what begins or ends otherwise in the window."""
ON_A_MAC = """
import json, sys
import PySide6.QtWidgets
sys.platform = "darwin"
from cowrite.gui.commands.menus import specs
print(json.dumps({spec.id: [key for key in spec.keys if isinstance(key, str)] for spec in specs()}))
"""
OF_NO_COMMAND = {"@", "Alt", "Ctrl+click", "Ctrl+wheel", "F10", "Shift+F10", "menu key", "an address"}
"""Keys of the page about the keyboard that are no command's."""


def quoted() -> dict[str, list[Path]]:
    """The modules in which something stands between two quotation marks of a line, without the signs for keys."""
    found = defaultdict[str, list[Path]](list)
    for path in sorted(Path(cowrite.__file__).parent.rglob("*.py")):
        for each in re.findall('"([^"\n]+)"', path.read_text(encoding="utf-8").replace("&", "")):
            found[each].append(path)
    return found


@cache
def texts(module: Path) -> frozenset[str]:
    """All texts of a module, without the signs for keys."""
    found = [each.value for each in ast.walk(ast.parse(module.read_text("utf-8"))) if isinstance(each, ast.Constant)]
    return frozenset(each.replace("&", "") for each in found if isinstance(each, str))


def test_what_the_guide_calls_something_is_what_a_window_calls_it() -> None:
    modules = quoted()  # to parse all of them takes seconds

    def is_called(name: str) -> bool:
        return any(each in texts(module) for each in (name, f"{name}…") for module in modules[each])

    for page in PAGES:
        text = CODE.sub("", page.read_text(encoding="utf-8")).replace("**", "")
        names = {part for found in NAME.findall(text) for part in found.split(" → ")} - OWN_WORDS
        assert [name for name in sorted(names) if not is_called(name)] == [], page.stem


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_guide_has_the_quotes_and_apostrophes_of_print(page: Path) -> None:
    text = CODE.sub("", page.read_text(encoding="utf-8")).replace("*don't*", "")
    assert re.findall(r"\S*['\"]\S*", text) == []


def rows(page: str, heading: str) -> list[str]:
    """What stands in the first column of the tables below a heading."""
    text = (GUIDE / page).read_text(encoding="utf-8").replace("\\\\", "\\")
    part = text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    found = [line.removeprefix("| ").split(" | ")[0] for line in part.splitlines() if line.startswith("| ")]
    return [row for row in found if row not in ("keys", "key")]


def keys(written: list[str]) -> set[str]:
    """The keys in the first column of a table, one by one, as Qt writes them."""
    found = {key for cell in written for key in re.split(r", or | or |, |; ", cell)}
    for before, first, last in re.findall(r"(\S+\+|)(\d) to (\d)", "; ".join(written)):
        found |= {f"{before}{digit}" for digit in range(int(first), int(last) + 1)}
    for key in [key for key in found if key.endswith("+arrows")]:
        found |= {key.replace("arrows", arrow) for arrow in ("Left", "Right", "Up", "Down")}
    return {key.replace("Page ", "Pg").replace("Enter", "Return").replace("Delete", "Del") for key in found}


@pytest.mark.usefixtures("qapp")
def test_every_key_on_the_page_about_the_keyboard_does_something() -> None:
    of_commands = {key.toString().replace("Enter", "Return") for spec in specs() for key in shortcuts(spec)}
    written = [re.sub(r" (?:in|on|by|pasted) .*", "", cell) for cell in rows("keyboard.md", "Commands")]
    said = {key for key in keys(written) if not re.search(r"\d to \d", key)}
    assert len(said) > 100
    assert said - of_commands - OF_NO_COMMAND == set()


@pytest.mark.usefixtures("qapp")
def test_the_page_about_the_keyboard_has_each_command_that_has_other_keys_on_a_mac() -> None:
    here = {spec.id: {key for key in spec.keys if isinstance(key, str)} for spec in specs()}
    there = json.loads(subprocess.check_output([sys.executable, "-c", ON_A_MAC]))
    others = {id: set(of) for id, of in there.items() if of and not set(of) & here[id]}
    said = keys(rows("keyboard.md", "On a Mac")) | {"Ctrl+Meta+F"}  # which is told by the signs of its keys
    assert len(others) > 5
    assert [id for id, of in others.items() if not of & said] == []


def test_the_guide_has_each_key_of_the_board_and_of_the_list_of_ideas() -> None:
    board = {key for each in COMMANDS if each and not each.is_owned_by_window for key in each.keys}
    assert board - keys(rows("brainstorming.md", "The board")) == {"Return", "Enter", "Backspace", "Shift+F"}
    listed = {re.sub("^Enter$", "Return", key) for _, of in KEYS for key in of.split(", ")}
    assert listed - keys(rows("brainstorming.md", "Ideas as a list")) == {"Ctrl+C", "Ctrl+V", "*"}
