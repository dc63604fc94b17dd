"""A rule for markdown-it-py by which no word of a table is lost.

GitHub's rule leaves out the cells of a row that has more of them than the head, as it has where somebody has written
a `|` in code without a backslash before it.
"""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, table
from markdown_it.rules_block.table import escapedSplit, getLine
from markdown_it.token import Token


def read_tables(markdown: MarkdownIt) -> None:
    """Has markdown-it-py read tables with all cells of each row."""
    markdown.block.ruler.at("table", _table, {"alt": ["paragraph", "reference"]})
    markdown.enable("table")


def _table(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    begun = len(state.tokens)
    if not table(state, first, end, silent):
        return False
    read = state.tokens[begun:]
    del state.tokens[begun:]
    columns = sum(token.type == "th_open" for token in read)
    line = first
    for token in read:
        if token.type == "tr_open" and token.map:
            line = token.map[0]
        elif token.type == "tr_close" and line > first:
            state.tokens += _cells(_words(state, line)[columns:], token.level + 1)
        state.tokens.append(token)
    return True


def _words(state: StateBlock, line: int) -> list[str]:
    """The cells of a row, without empty ones at its end."""
    cells = [each.strip() for each in escapedSplit(getLine(state, line).strip())]
    while cells and not cells[-1]:
        cells.pop()
    return cells if not cells or cells[0] else cells[1:]


def _cells(words: list[str], level: int) -> list[Token]:
    tokens: list[Token] = []
    for each in words:
        tokens.append(Token("td_open", "td", 1, level=level))
        tokens.append(Token("inline", "", 0, level=level + 1, content=each, children=[]))
        tokens.append(Token("td_close", "td", -1, level=level))
    return tokens
