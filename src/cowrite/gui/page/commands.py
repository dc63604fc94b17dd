"""What the commands for the page do with it, by the ids of their actions.

Runs on the GUI thread. Those that ask something first, or that another view has as well, are in `window_commands`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from cowrite.core.text.direction import LTR, RTL
from cowrite.core.writing.lines import STYLES
from cowrite.core.writing.typeface import MONO, SANS, SERIF, SIZES
from cowrite.gui.page.editor import Editor
from cowrite.gui.page.line_moves import move_lines

COLUMN_STEP = 50  # thousandths of a table

_LISTS = {"ordered_list": "ordered", "bullet_list": "bullet", "check_list": "unchecked"}
FONTS = {"font_page": None, "font_sans": SANS, "font_serif": SERIF, "font_mono": MONO}
STYLES_OF_LINES = (*STYLES, *_LISTS)
"""The ids of the commands that give a line another style."""
_SIDES = ("left", "center", "right", "justify")
_DIRECTIONS = {"direction_auto": None, "direction_ltr": LTR, "direction_rtl": RTL}


def page_commands(editor: Editor) -> dict[str, Callable[[], object]]:
    """What they do with one page, at its caret."""
    formatting, tables = editor.formatting, editor.tables
    return {
        **{name: partial(formatting.set_style, name) for name in STYLES},
        **{name: partial(formatting.toggle_list, kind) for name, kind in _LISTS.items()},
        **{f"align_{side}": partial(formatting.set_side, side) for side in _SIDES},
        **{name: partial(formatting.set_direction, direction) for name, direction in _DIRECTIONS.items()},
        **{name: partial(formatting.set_inline, "font", font) for name, font in FONTS.items()},
        **{f"size_{size}": partial(formatting.set_inline, "size", f"{size}pt") for size in SIZES},
        "size_normal": partial(formatting.set_inline, "size", None),
        "copy_markdown": editor.copying.copy_markdown,
        "paste_plain": editor.paste_plain,
        "clear_format": formatting.clear,
        "tick": formatting.tick,
        "indent": partial(formatting.indent, 1),
        "outdent": partial(formatting.indent, -1),
        "divider": editor.edits.insert_divider,
        "page_break": editor.edits.insert_page_break,
        "lines_up": partial(move_lines, editor, up=True),
        "lines_down": partial(move_lines, editor, up=False),
        "row_above": partial(tables.add_row, below=False),
        "row_below": partial(tables.add_row, below=True),
        "column_before": partial(tables.add_column, behind=False),
        "column_behind": partial(tables.add_column, behind=True),
        "head_row": tables.toggle_head,
        "sort_ascending": partial(tables.sort, descending=False),
        "sort_descending": partial(tables.sort, descending=True),
        "column_wider": partial(tables.widen, COLUMN_STEP),
        "column_narrower": partial(tables.widen, -COLUMN_STEP),
        "columns_fit": tables.leave_widths,
        "delete_rows": tables.delete_rows,
        "delete_columns": tables.delete_columns,
        "delete_table": tables.delete,
    }
