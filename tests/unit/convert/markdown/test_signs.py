"""Which plain text is plainly Markdown."""

from __future__ import annotations

import pytest

from cowrite.convert.markdown.signs import is_markdown

PLAIN = {
    "a sum": "The area is 2 * 3 * 4 and not 5 * 6 * 7.",
    "names": "Use snake_case_names and __init__ or __main__, never a*b*c.",
    "powers": "2**3**4 is 2**81, and f(**a, **b) or f(**a,**b) calls.",
    "a letter with an answer": "Hi Ann,\n\n> Can you come?\n> On Monday?\n\nYes, I can.\n\nRegards,\nBen",
    "a letter with one of each": "Hi,\n> Can you come?\nYes.\n- Ben",
    "a letter with a list": "Dear Ann,\nplease bring\n- bread\n- milk\nfor all.\n\nRegards,\nBen",
    "a shell": "$ cat notes\n- one\n- two\n$ ls *.py *.md\na.py  b.md",
    "an administrator's shell": "# apt update\n# apt upgrade\nReading package lists\nDone",
    "a script": "# first\nsudo a\n\n# second\nsudo b\n",
    "a configuration": "steps:\n- name: a\n  run: b\n- name: c\n  run: d\n",
    "a difference": "- old line\n- another\n+ new line\n+ one more",
    "a log": "1. started\nall is well\n2. ended\nall is well",
    "one emphasis": "This is **important**, and that is all.",
    "brackets": "See [1] (Smith 1999) and [2] (Jones).",
    "a rule of dashes": "one\n-----\ntwo",
}

MARKDOWN = {
    "a table": "| a | b |\n|---|---|\n| c | d |",
    "code": "Run\n```sh\nls *.py\n```\nand see.",
    "headings and a list": "# Head\n\n- one\n- two",
    "headings": "# One\n\nText.\n\n## Two\n\nMore.",
    "a list": "- milk\n- eggs\n- bread",
    "a list below a line": "Shopping:\n\n1. milk\n2. eggs",
    "a list with items of items": "- a\n  - b\n- c",
    "tasks": "- [ ] call\n- [x] write",
    "an answer of a model": "Use **this** one:\n[the guide](https://example.org/a)\nor not.",
    "emphases": "**Who:** Ann\n**When:** Monday",
    "a link in a list": "See:\n* [one](docs/one.md)\n* two\nand go on.",
}


@pytest.mark.parametrize("name", PLAIN)
def test_what_others_write_is_not_taken_for_markdown(name: str) -> None:
    assert not is_markdown(PLAIN[name])


@pytest.mark.parametrize("name", MARKDOWN)
def test_what_is_plainly_markdown_is_told(name: str) -> None:
    assert is_markdown(MARKDOWN[name])


def test_a_long_text_is_judged_at_once() -> None:
    assert not is_markdown("**" * 20_000 + "[" * 20_000 + "```a\n" * 20_000 + "a\n" * 20_000 + "- " * 20_000)


def test_the_empty_lines_of_a_column_are_looked_at_once() -> None:
    assert not is_markdown("\n" * 200_000)  # or this would take minutes
    assert is_markdown("\n\n\t- [ ] Sow\n\n- [x] Weed\n")
