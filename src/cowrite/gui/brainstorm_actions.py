"""The commands of board, ideas, sessions and decisions, as rows of the table of commands.

Runs on the GUI thread.
"""

from __future__ import annotations

from cowrite.gui.action_specs import MenuSpec, do, show

BOARD_EXPORTS = (
    do("export_board_png", "&Board as PNG…", "Save what is selected on the board, or all of it, as a picture"),
    do("export_board_pdf", "Board as P&DF…", "Save what is selected on the board, or all of it, as a PDF file"),
)
SHOW_POINTERS = show("show_pointers", "Pointer&s on the board", "Show where the others point on the board")
BRAINSTORM = MenuSpec("&Brainstorm", ())
