"""The commands of board, ideas, sessions and decisions, as rows of the table of commands.

Runs on the GUI thread.
"""

from __future__ import annotations

from cowrite.gui.commands.action_specs import DONE_KEYS, MenuSpec, do, edit, show

NO_SESSION = "No session is under way"
"""Why the commands of a session are off."""
SESSION_COMMANDS = ("session_next", "session_back", "session_done", "session_go", "session_present", "session_end")
"""Those that are off until one is."""
_SESSION = (
    edit("session_begin", "&Begin a session…", "Ask a question, and go from many ideas to a decision together", "",
         "Ctrl+Alt+B"),
    MenuSpec("&Session", (
        do("session_next", "&Next phase", "Move the group on to the next phase", "", "Ctrl+Alt+PgDown"),
        do("session_back", "&Back a phase", "Move the group back to the previous phase", "", "Ctrl+Alt+PgUp"),
        show("session_done", "I’m &done", "Tell the others, by name, that you are done with this phase", "",
             *DONE_KEYS),
        show("timer_sound", "&Sound when time is over",
             "Play a sound when the time of a phase is over, in every session on this computer"),
        do("session_go", "&Go to the group", "Go to where the group is", "", "Ctrl+Alt+G"),
        do("session_present", "&Present", "Show question, clock and results on a whole screen, for a room to read",
           "", "F5"),
        None,
        edit("session_minutes", "Put the &minutes into the draft",
             "Write below the line at the caret what came of the session that runs, or ran last"),
        do("session_end", "&End the session…", "Close it for everybody; all of it stays in the document"),
    )),
)  # fmt: skip
BOARD_EXPORTS = (
    do("export_board_png", "&Board as PNG…", "Save what is selected on the board, or all of it, as an image"),
    do("export_board_pdf", "Board as P&DF…", "Save what is selected on the board, or all of it, as a PDF file"),
)
SHOW_POINTERS = show("show_pointers", "Pointe&rs on the board", "Show where the others point on the board")
DECISION_EXPORTS = {
    "madr": "&Markdown, a file for each…",
    "log": "Markd&own, one file…",
    "docx": "&Word…",
    "pdf": "&PDF…",
    "csv": "&Table of decisions…",
    "actions": "Table of &actions…",
}
"""How decisions can be exported, and the words for it."""
EXPORT_DECISIONS = MenuSpec("Deci&sions", tuple(
    do(f"export_decisions_{kind}", words, "Save the decisions of this document, or the actions that follow from them")
    for kind, words in DECISION_EXPORTS.items()
))  # fmt: skip
_DECISIONS = (
    edit(
        "new_decision",
        "New decis&ion",
        "Make a decision from what is selected, if anything is",
        "",
        "Ctrl+Alt+N",
        "Ctrl+Alt+Shift+N",
    ),
)
_ASSISTANT = (
    edit("expand_ideas", "E&xpand with the assistant",
         "Ask the assistant for three more ideas, for the selected notes or the session’s question", "",
         "Ctrl+Alt+X"),
)  # fmt: skip
BRAINSTORM = MenuSpec("&Brainstorm", (*_SESSION, None, *_ASSISTANT, None, *_DECISIONS))

IMPORT_IDEAS = edit("import_ideas", "&Import into the board…", "Take a list, a table or Markdown in as notes")
EXPORT_IDEAS = (
    do("export_ideas_csv", "Ideas as a t&able…", "Save the notes with their groups and votes as a table (CSV)"),
    do("export_ideas_md", "Ideas as a &list…", "Save the notes with their groups and votes as a Markdown list"),
)
