"""Random plans for editors that are bound to shared documents, in the manner of Zed's collaboration tests.

A plan is a list of operations, each one JSON object: the first says how many people there are, the others what a person
does with keys, mouse, clipboard and commands, and what the network does with the updates. The same plan does the same
thing every time (`helpers.world`); each operation makes sense without those before it, so a failing plan is made small
by leaving lines out. A plan that fails is saved as a file, one operation a line, and
`python tests/run_plans.py --replay FILE` runs it (`helpers.plan_runs`).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from functools import partial
from random import Random
from typing import Any

from cowrite.core.text.richtext import EMBED_CHARACTER
from cowrite.core.writing.lines import STYLES
from helpers.plan_files import Op

_TOKENS = 4000
_BMP, _ASTRAL = 0x4E00, 0x20000

WORDS = [
    "a", "word", "écrit", "😀", "👩‍👩‍👧", "🏳️‍🌈", "x\ny", "שלום", "عربي", "n\u0303", " ", "🇩🇪",
    "ends\n", "\n", "  ", "\t", "**",
]  # fmt: skip
HOSTILE = [
    "\r\n",
    "\r",
    "\u2028",
    "\u2029",
    "a\u0000b",
    "\ufeff",
    "\ufffe",
    "\ufdd0",
    "\ufdd1",
    "\u200b\ufeff",
    "\v\f",
    "\x1b[0m",
    "\ufffc",
]
HABITS = [
    "# ",
    "### ",
    "- ",
    "1. ",
    "[] ",
    "[x] ",
    "> ",
    "```",
    "---\n",
    "**b**",
    '"it\'s"',
    "a -- b...",
    "*i*",
    "`c`",
    "~~s~~",
    "__b__",
    "_i_",
]
INLINE: list[Op] = [
    {"bold": True}, {"italic": True}, {"underline": True}, {"strike": True}, {"code": True}, {"script": "super"},
    {"color": "#aa0000"}, {"background": "#ffff00"}, {"bold": None}, {"code": None}, {"link": "https://example.org"},
]  # fmt: skip
SIDES = ["left", "center", "right", "justify"]
KEYS = [
    "Return", "Return", "Return", "Backspace", "Backspace", "Backspace", "Delete", "Delete", "Tab", "Backtab",
    "Left", "Right", "Home", "End", "Up", "Down", "shift+Return", "shift+Left", "shift+Right", "shift+Up",
    "ctrl+Backspace", "ctrl+Delete", "ctrl+A", "ctrl+Home", "ctrl+End", "Insert",
]  # fmt: skip
HTML = [
    "<h2>Head</h2><p>some <b>bold</b> and <a href='https://example.org'>link</a></p>",
    "<ul><li>one<ul><li>two</li></ul></li><li>three</li></ul>",
    "<ol><li>first</li></ol><blockquote>quoted</blockquote><pre>code\n  more</pre>",
    "plain <i>words</i> 😀",
    "<table><tr><td>a</td><td>b</td></tr></table><hr><p align=center>mid</p>",
    "<script>alert(1)</script><img src='https://example.org/x.png' onerror='alert(1)'>tail",
]
MARKDOWN = [
    "# Head\n\nText **bold** and *italic*\n",
    "- one\n  - two\n- [ ] open\n- [x] done\n",
    "1. a\n2. b\n\n> quoted\n\n```\ncode\n```\n",
    "---\n\n[link](https://example.org) `code`",
]
OWN: list[list[list[Any]]] = [
    [["head", {}, None], ["\n", {"header": 2}, None], ["tail", {"bold": True}, None]],
    [
        ["item", {}, None],
        ["\n", {"list": "bullet", "indent": 1}, None],
        ["x", {}, None],
        ["\n", {"list": "checked"}, None],
    ],
    [[EMBED_CHARACTER, {}, {"image": "sha256:" + "ab" * 32}], ["caption", {"italic": True}, None]],
    [["said", {}, None], [EMBED_CHARACTER, {}, {"footnote": [{"insert": "See "}]}], [" on", {"bold": True}, None]],
    [["\n", {"code-block": True}, None], ["\n\n", {}, None]],
    [[EMBED_CHARACTER, {"bold": True}, {"divider": True}], ["\n", {}, None]],
]
STRANGE: list[Op] = [
    {}, {"bold": True}, {"header": 1}, {"header": "x"}, {"header": 99}, {"header": 2.5}, {"list": {"a": 1}},
    {"list": "odd"}, {"indent": -3}, {"indent": 1000000000.0}, {"indent": "deep"}, {"link": 5},
    {"color": "no colour"}, {"font": 7}, {"size": []}, {"blockquote": "yes"}, {"align": 3},
    {"direction": "rtl"}, {"unheard-of": {"of": [1, None]}}, {"code-block": "python"}, {"script": "sideways"},
    {"insertion": "me"}, {"width": 12}, {"ai": {"model": "x"}}, {"list": "bullet", "header": 1},
]  # fmt: skip


TABLES: list[list[list[Any]]] = [
    [["a", {}, None], ["\n", {"table": "1"}, None], ["b", {}, None], ["\n", {"table": "1"}, None]],
    [[text, {"bold": True}, None] if text else ["\n", {"table": row}, None] for row in "12" for text in ("x", "", "")],
    [["over\n", {}, None], ["\n\n\n", {"table": "7"}, None], ["\n", {"table": "8"}, None], ["below", {}, None]],
    [[EMBED_CHARACTER, {}, {"image": "sha256:" + "ab" * 32}], ["\n", {"table": "3", "align": "right"}, None]],
]
ON_TABLES = ["insert", "insert", "row_above", "row_below", "column_before", "column_behind", "rows", "columns", "all"]
ON_TABLES += ["column_wider", "column_narrower", "columns_fit"]
LOOSE_CELLS: list[Op] = [{"table": "1"}, {"table": "2", "list": "bullet"}, {"table": 5}, {"table": ""}, {"table": None}]


def make_plan(seed: int, *, steps: int = 60, tables: bool = False) -> list[Op]:
    """A plan from a seed: mostly what people do, now and then what only a test would do.

    Args:
        seed: for one and the same plan, again and again.
        steps: so many operations, besides those that are only for tables and for suggesting.
        tables: whether people work with tables, too.
    """
    chance = Random(seed)
    people = chance.choice((1, 2, 2, 2, 3, 3, 4, 5))
    plan: list[Op] = [{"do": "begin", "seed": seed, "people": people, "maker": chance.random() < 0.75}]
    tokens = [itertools.count() for _ in range(people)]
    hostile, suggests = chance.random() < 0.3, chance.random() < 0.4
    clients = itertools.count(1000)
    if suggests:
        plan += [{"do": "suggest", "who": who, "on": True} for who in range(people) if chance.random() < 0.5]
    for _ in range(steps):
        if people > 1 and chance.random() < 0.35:
            plan.append(_network_op(chance, people))
            continue
        who = chance.randrange(people)
        next_token = partial(_next_token, who, tokens[who])
        plan.append(_person_op(chance, who, next_token, clients, hostile=hostile))
        if suggests and chance.random() < 0.15:
            plan.append(_suggesting_op(chance, who))
        if tables and chance.random() < 0.3:
            plan.append(_table_op(chance, who, next_token, clients, hostile=hostile))
    return plan


def _table_op(chance: Random, who: int, next_token: Callable[[], str], clients: Iterator[int], *, hostile: bool) -> Op:
    def place() -> str:
        return f"t{chance.randrange(1000)}" if chance.random() < 0.6 else _place(chance)

    at = place()
    where = {"at": at, "to": place() if chance.random() < 0.4 else at}
    if chance.random() < 0.25:
        return {"do": "type", "who": who, "text": _words(chance, next_token).replace("\n", ""), **where}
    roll = chance.random()
    if roll < 0.2:
        return {"do": "paste", "who": who, "kind": "table", "n": chance.randrange(len(TABLES)), "text": "", **where}
    if roll < 0.4:
        keys = ("Tab", "Backtab", "Return", "Backspace", "Delete", "ctrl+Backspace", "ctrl+Delete", "shift+Down")
        return {"do": "key", "who": who, "key": chance.choice(keys), "times": chance.choice((1, 2)), **where}
    if hostile and roll < 0.5:
        text, kind = chance.choice(("\n", "x\n", "\n\n")), chance.choice(("insert", "format", "delete"))
        more = {"client": next(clients), "at": chance.randrange(1000), "kind": kind, "text": text}
        return {"do": "foreign", "who": who, **more, "attributes": chance.choice(LOOSE_CELLS)}
    size = [chance.choice((1, 2, 3)), chance.choice((1, 2, 3))]
    return {"do": "table", "who": who, "act": chance.choice(ON_TABLES), "size": size, **where}


def _next_token(who: int, numbers: Iterator[int]) -> str:
    return token(who, next(numbers))


def token(who: int, number: int) -> str:
    """A character that only this person ever types, and only once: half of them of two UTF-16 units."""
    first = _ASTRAL if number % 2 else _BMP
    return chr(first + who * _TOKENS + number % _TOKENS)


def author(character: str) -> int | None:
    """Who has typed a character; None where it is no token."""
    code = ord(character)
    for first in (_BMP, _ASTRAL):
        if first <= code < first + 5 * _TOKENS:
            return (code - first) // _TOKENS
    return None


def _network_op(chance: Random, people: int) -> Op:
    match chance.randrange(20):
        case 0:
            islands = [chance.randrange(3) for _ in range(people)]
            return {"do": "partition", "islands": islands}
        case 1:
            return {"do": "heal"}
        case 2 | 3:
            return {"do": "drop", "n": chance.randrange(1000)}
        case 4 | 5:
            return {"do": "duplicate", "n": chance.randrange(1000)}
        case 6 | 7:
            one, other = chance.sample(range(people), 2)
            return {"do": "sync", "from": one, "who": other}
        case 8:
            return {"do": "rain", "who": chance.randrange(people)}
        case _:
            return {"do": "deliver", "n": chance.randrange(1000)}


def _suggesting_op(chance: Random, who: int) -> Op:
    if chance.random() < 0.5:
        return {"do": "suggest", "who": who, "on": chance.random() < 0.7}
    return {"do": "decide", "who": who, "accepts": chance.random() < 0.5, "n": chance.choice((-1, chance.randrange(9)))}


def _place(chance: Random) -> str:
    kind = chance.choice("cccclls e k".replace(" ", ""))
    return kind if kind == "k" else f"{kind}{chance.randrange(1000)}"


def _words(chance: Random, next_token: Callable[[], str]) -> str:
    return "".join(
        next_token() if chance.random() < 0.5 else chance.choice(WORDS) for _ in range(chance.randrange(1, 4))
    )


def _person_op(chance: Random, who: int, next_token: Callable[[], str], clients: Iterator[int], *, hostile: bool) -> Op:
    op: Op = {"do": "", "who": who}

    def made(do: str, **more: Any) -> Op:
        return {**op, "do": do, **more}

    def range_() -> Op:
        at = _place(chance)
        return {"at": at, "to": _place(chance) if chance.random() < 0.5 else at}

    if hostile and chance.random() < 0.12:
        attributes = chance.choice(STRANGE)
        text = chance.choice(HOSTILE + WORDS)
        kind = chance.choice(("insert", "insert", "format", "embed", "delete"))
        more = {"client": next(clients), "at": chance.randrange(1000), "kind": kind, "text": text}
        return made("foreign", **more, attributes=attributes)
    roll = chance.randrange(100)
    if roll < 18:
        return made("type", text=_words(chance, next_token).replace("\n", ""), **range_())
    if roll < 22:
        return made(
            "type", text=chance.choice(HABITS) + chance.choice(("", next_token())), at=f"s{chance.randrange(99)}"
        )
    if roll < 38:
        return made("key", key=chance.choice(KEYS), times=chance.choice((1, 1, 1, 2, 3)), **range_())
    if roll < 43:
        text = chance.choice(HOSTILE[:-1]) if hostile and chance.random() < 0.3 else _words(chance, next_token)
        return made("insert", text=text, **range_())
    if roll < 46:
        return made("compose", pre=["か", "かん", "漢"][: chance.randrange(1, 4)], text=next_token(), **range_())
    if roll < 52:
        kind = chance.choice(("plain", "html", "markdown", "own"))
        samples = {"plain": len(WORDS), "html": len(HTML), "markdown": len(MARKDOWN), "own": len(OWN)}
        text = next_token() if kind == "plain" else ""
        return made("paste", kind=kind, n=chance.randrange(samples[kind]), text=text, **range_())
    if roll < 57:
        return made(chance.choice(("copy", "cut", "move")), **range_())
    if roll < 64:
        return made("inline", attributes=chance.choice(INLINE), toggle=chance.random() < 0.6, **range_())
    if roll < 70:
        return made("style", style=chance.choice(list(STYLES)), **range_())
    if roll < 75:
        return made("list", kind=chance.choice(("bullet", "ordered", "unchecked")), **range_())
    if roll < 77:
        return made("indent", step=chance.choice((1, -1)), **range_())
    if roll < 79:
        return made("align", side=chance.choice(SIDES), **range_())
    if roll < 81:
        return made(chance.choice(("clear", "check", "unlink")), **range_())
    if roll < 83:
        return made(chance.choice(("divider", "image")), n=chance.randrange(9), **range_())
    if roll < 84:
        return made("replace", text=chance.choice(("", "x", "😀")), **range_())
    if roll < 91:
        return made("undo", times=chance.choice((1, 1, 2, 4)))
    if roll < 95:
        return made("redo", times=chance.choice((1, 1, 2, 4)))
    if roll < 97:
        return made("pause")
    if roll < 98:
        return made("anchor", at=_place(chance))
    if roll < 99:
        return made("look", theme=chance.choice(("light", "dark")))
    return made("reopen", client=next(clients))
