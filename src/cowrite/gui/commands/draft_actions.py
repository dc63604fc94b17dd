"""The commands that put something into the draft and give it a look, as rows of the table of commands.

Runs on the GUI thread.
"""

from __future__ import annotations

from cowrite.core.writing.typeface import SIZES
from cowrite.gui.commands.action_specs import COLOUR_KEYS, IS_MAC, Key, MenuSpec, do, edit, mark

TABLE_ROWS = (
    edit("row_above", "Row &above", "Put an empty row above this one"),
    edit("row_below", "Row &below", "Put an empty row below this one"),
    edit("column_before", "Column &left", "Put an empty column to the left of this one"),
    edit("column_behind", "Column &right", "Put an empty column to the right of this one"),
    edit("head_row", "&Head row", "Make the first row the head of the table, in bold, or an ordinary row again"),
    None,
    edit("sort_ascending", "&Sort ascending", "Put the rows in the order of this column, a head row staying on top"),
    edit("sort_descending", "Sort &descending", "Put the rows in the reverse order of this column"),
    None,
    edit("column_wider", "W&ider column", "Give this column some of the room beside it"),
    edit("column_narrower", "&Narrower column", "Give some of this column’s room to the one beside it"),
    edit("columns_fit", "&Fit columns", "Make all columns as wide as their content needs"),
    None,
    edit("delete_rows", "Delete ro&w", "Take the selected rows out of the table"),
    edit("delete_columns", "Delete &column", "Take the selected columns out of the table"),
    edit("delete_table", "Delete &table", "Take the whole table out of the text"),
)
ROW_COMMANDS, COLUMN_COMMANDS = ("row_above", "row_below"), ("column_before", "column_behind")
"""The ids of those that make a table larger."""
OTHER_WORDS = {
    "paragraph": "body plain p",
    **{f"heading_{level}": f"h{level} title" for level in range(1, 7)},
    "bullet_list": "ul points unordered",
    "ordered_list": "ol 1.",
    "check_list": "todo to-do task tick",
    "blockquote": "quotation citation",
    "code_block": "program pre",
    "image": "picture photo",
    "divider": "line rule hr separator",
    "page_break": "new page",
    "footnote": "note reference",
    "contents": "toc table of contents",
    "character": "symbol emoji sign",
    "date": "today day",
    "link": "url address",
    "font_page": "typeface",
    "font_sans": "typeface",
    "font_serif": "typeface",
    "font_mono": "typeface fixed width",
    "size_larger": "bigger grow increase",
    "size_smaller": "shrink decrease",
    "copy_look": "format painter brush style",
    "paste_look": "format painter brush style apply",
}
"""By the id of a command the words for it that other writing programs have."""
INSERT = MenuSpec("&Insert", (
    edit("link", "&Link…", "Make the selected text a link, or change the link here", "link", "Ctrl+K"),
    do("open_link", "&Open link", "Open the link at the caret", "", "Alt+Return"),
    edit("image", "&Image…", "Insert an image from a file", "image", "Ctrl+Shift+I"),
    edit("table", "&Table…", "Insert a table with as many rows and columns as you pick", "table", "Ctrl+Alt+I"),
    edit("character", "Special c&haracter…", "Insert a sign, a letter or an emoji that you find by its name", "omega"),
    edit("date", "D&ate", "Insert today’s date as your system writes it", "calendar"),
    edit("divider", "&Divider", "Insert a line across the page", "minus", "Ctrl+Shift+D"),
    edit("page_break", "&Page break", "Begin a new page here, on paper and in files", "separator-horizontal",
         "Ctrl+Return", "Ctrl+Enter"),
    do("footnote", "&Footnote", "Insert a footnote at the caret, or open the one there", "asterisk",
       "Ctrl+Alt+Shift+F"),
    edit("contents", "&Contents", "Put a list of all headings above this line, each of them a link",
         "table-of-contents"),
    edit("insert_decision", "D&ecision…", "Put a decision into the draft, where it stays up to date", "gavel"),
))  # fmt: skip
_HIGHLIGHT = "Ctrl+Alt+Shift+H" if IS_MAC else "Ctrl+Alt+H"  # which hides all other programs there
_STRIKE = () if IS_MAC else ("Alt+Shift+5",)  # as Google Docs has it; on a Mac it writes a sign
_POINTS = (
    *("&8 points", "&9 points", "1&0 points", "1&2 points", "1&4 points", "&18 points"),
    *("24 &points", "&36 points", "48 po&ints"),
)
FONT_AND_SIZE = MenuSpec("Font and si&ze", (
    mark("font_page", "&As the page", "The font of the page, which each person chooses", "", group="font"),
    mark("font_sans", "Sans seri&f", "Letters without serifs", "", group="font"),
    mark("font_serif", "&Serif", "Letters with serifs, as in books", "", group="font"),
    mark("font_mono", "&Monospace", "Letters that are all equally wide", "", group="font"),
    None,
    mark("size_normal", "&Normal size", "Letters as large as the style of their line has them", "", group="size"),
    edit("size_larger", "&Larger", "Letters one size larger", "", "Ctrl+Alt+Shift+."),
    edit("size_smaller", "Small&er", "Letters one size smaller", "", "Ctrl+Alt+Shift+,"),
    *(mark(f"size_{size}", text, f"Letters of {size} points on paper", "", group="size")
      for size, text in zip(SIZES, _POINTS, strict=True)),
))  # fmt: skip
"""As it is opened, the fonts that the document has come to these."""
FORMAT = MenuSpec("F&ormat", (
    MenuSpec("&Paragraph style", (
        mark("paragraph", "&Text", "Body text", "pilcrow", "Ctrl+Alt+0", group="style"),
        *(mark(f"heading_{level}", f"Heading &{level}", f"A heading of level {level}", f"heading-{level}",
                f"Ctrl+Alt+{level}", group="style") for level in range(1, 7)),
        mark("blockquote", "&Quote", "A quoted passage", "quote", "Ctrl+Shift+.", group="style"),
        mark("code_block", "&Code block", "Lines of program text", "square-code", "Ctrl+Shift+K", group="style"),
    )),
    FONT_AND_SIZE,
    None,
    mark("bold", "&Bold", "Heavier letters", "bold", Key.Bold),
    mark("italic", "&Italic", "Slanted letters", "italic", Key.Italic),
    mark("underline", "&Underline", "A line under the text", "underline", Key.Underline),
    mark("strike", "&Strikethrough", "A line through the text", "strikethrough", "Ctrl+Shift+X", *_STRIKE),
    mark("code", "Inline &code", "Program text within a sentence", "code", "Ctrl+E"),
    mark("superscript", "Superscrip&t", "Smaller letters above the line", "superscript", "Ctrl+Alt+."),
    mark("subscript", "Subsc&ript", "Smaller letters below the line", "subscript", "Ctrl+Alt+,"),
    edit("text_color", "Te&xt colour", "Choose the colour of the letters", "baseline", *COLOUR_KEYS),
    edit("highlight", "&Highlight", "Choose a colour behind the letters", "highlighter", _HIGHLIGHT),
    edit("clear_format", "Clear &formatting", "Back to plain body text", "remove-formatting", "Ctrl+\\"),
    do("copy_look", "Cop&y formatting", "Keep how the selected text, or the line at the caret, looks", "",
       "Ctrl+Alt+Shift+B"),
    edit("paste_look", "Paste for&matting", "Give the selected text, or the line, the look that was copied", "",
         "Ctrl+Alt+Shift+P"),
    None,
    mark("ordered_list", "&Numbered list", "Number these lines", "list-ordered", "Ctrl+Shift+7"),
    mark("bullet_list", "Bu&llet list", "Put a bullet before these lines", "list", "Ctrl+Shift+8"),
    mark("check_list", "Chec&klist", "Put a box to tick before these lines", "list-checks", "Ctrl+Shift+9"),
    edit("tick", "Mark as &done", "Tick these items of a checklist, or take the ticks away", "", "Ctrl+Alt+Return"),
    edit("indent", "Ind&ent", "Move these lines one step in", "list-indent-increase", "Ctrl+]"),
    edit("outdent", "&Outdent", "Move these lines one step out", "list-indent-decrease", "Ctrl+["),
    None,
    MenuSpec("Ro&ws and columns", TABLE_ROWS),
    MenuSpec("&Alignment", (
        mark("align_left", "&Left", "Align with the left edge", "text-align-start", "Ctrl+Shift+L", group="align"),
        mark("align_center", "&Centre", "Centre the lines", "text-align-center", "Ctrl+Shift+E", group="align"),
        mark("align_right", "&Right", "Align with the right edge", "text-align-end", "Ctrl+Shift+R", group="align"),
        mark("align_justify", "&Justify", "Align with both edges", "text-align-justify", "Ctrl+Shift+J",
              group="align"),
    )),
    MenuSpec("Readin&g direction", (
        mark("direction_auto", "As the &first letter", "Read each of these lines in the direction of its first letter",
              "", group="direction"),
        mark("direction_ltr", "&Left to right", "Read these lines from left to right, whatever their first letter", "",
              "Ctrl+Alt+Shift+L", group="direction"),
        mark("direction_rtl", "&Right to left", "Read these lines from right to left, whatever their first letter", "",
              "Ctrl+Alt+Shift+R", group="direction"),
    )),
))  # fmt: skip
