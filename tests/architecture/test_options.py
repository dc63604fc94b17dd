"""What is written about commands is what they take."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import redirect_stdout
from functools import cache
from io import StringIO
from pathlib import Path

from cowrite.__main__ import main as cowrite
from cowrite_server.commands.cli import main as cowrite_server

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "server/README.md", "server/CLIENTS.md")),
    *(ROOT / name for name in ("server/deploy/README.md", "packaging/README.md")),
    *(ROOT / "resources").glob("*/*.md"),
]
CODE = re.compile(r"```(.*?)```|`([^`\n]+)`", re.DOTALL)
CALLED = re.compile(r"(?:^|[ /])(cowrite-server|cowrite(?! cowrite)|bootstrap\.py run) ([a-z]+.*)")
OPTION = re.compile(r"(?<![\w-])--[a-z-]+")
OF_ALL = {"--help", "--config", "--data", "--store"}
"""Those of the server's commands that its README explains once."""


@cache
def options(program: str, *command: str) -> frozenset[str]:
    """The options of a command, as it says itself; none where there is no such command."""
    said = StringIO()
    with redirect_stdout(said):
        try:
            (cowrite_server if program == "cowrite-server" else cowrite)([*command, "--help"])
        except SystemExit as ended:
            if ended.code:
                return frozenset()
    return frozenset(OPTION.findall(said.getvalue()))


def server_commands() -> list[str]:
    said = StringIO()
    with redirect_stdout(said):
        cowrite_server(["--help"])
    return re.findall(r"^    ([a-z]+) ", said.getvalue(), re.MULTILINE)


def command(program: str, words: str) -> tuple[str, ...]:
    """The words that choose whose options count."""
    first, second = [*words.split(), "", ""][:2]
    if program == "cowrite-server":
        return (first,)
    if first in ("models", "assist"):
        return (first, second) if first == "models" or second == "expand" else (first,)
    return (first,) if first in ("demo", "doctor", "desktop", "two") else ()


def calls(page: Path) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """The commands that a page writes, each with the text in which its options stand: its own, or its row's."""
    text = page.read_text(encoding="utf-8").replace("\\\n", " ")
    for line in text.splitlines():
        if line.startswith("| `") and (found := CALLED.search(line.split("`")[1])):
            yield found[1], command(found[1], found[2]), line
    for block, span in CODE.findall(text):
        for line in (block or span).splitlines():
            for part in line.split("&&"):
                if found := CALLED.search(part):
                    yield found[1], command(found[1], found[2]), found[2]


def test_every_option_that_is_written_behind_a_command_is_one_of_it() -> None:
    found = [(page.name, *call) for page in PAGES for call in calls(page)]
    assert len(found) > 60
    wrong = [
        (page, program, *chosen, option)
        for page, program, chosen, text in found
        for option in OPTION.findall(text)
        if option not in options(program, *chosen)
    ]
    assert wrong == []


def test_the_servers_readme_has_each_command_with_each_of_its_options() -> None:
    table = (ROOT / "server" / "README.md").read_text(encoding="utf-8").partition("\n| command | does |\n")[2]
    rows = [line for line in table.partition("\n\n")[0].splitlines() if line.startswith("| `")]
    written = {row.split("`")[1].split()[0]: set(OPTION.findall(row)) for row in rows}
    assert set(written) == set(server_commands())
    taken = {name: options("cowrite-server", name) - OF_ALL for name in written if name != "serve"}
    assert {name: set(of) for name, of in taken.items()} == {name: written[name] for name in taken}


def test_the_guide_has_each_option_of_the_assistant_and_of_its_models() -> None:
    page = (ROOT / "resources" / "guide" / "assistant.md").read_text(encoding="utf-8")
    said = set(OPTION.findall(page))
    taken = options("cowrite", "assist") | options("cowrite", "assist", "expand")
    for name in ("list", "pull", "add", "verify", "measure", "remove"):
        taken |= options("cowrite", "models", name)
    assert taken - said == {"--help"}
