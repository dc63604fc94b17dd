"""The commands of board, ideas, sessions and decisions, as rows of the table of commands.

Runs on the GUI thread.
"""

from __future__ import annotations

from cowrite.gui.action_specs import MenuSpec, do, edit

BRAINSTORM = MenuSpec("&Brainstorm", ())

IMPORT_IDEAS = edit("import_ideas", "&Import into the board…", "Take a list, a table or Markdown in as notes")
EXPORT_IDEAS = (
    do("export_ideas_csv", "Ideas as a ta&ble…", "Save the notes with their groups and votes as a table (CSV)"),
    do("export_ideas_md", "Ideas as a &list…", "Save the notes with their groups and votes as a Markdown list"),
)
