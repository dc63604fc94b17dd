"""The commands of board, ideas, sessions and decisions, as rows of the table of commands.

Runs on the GUI thread.
"""

from __future__ import annotations

from cowrite.gui.action_specs import MenuSpec, edit

BRAINSTORM = MenuSpec("&Brainstorm", (
    edit("new_decision", "New &decision", "Make a decision, of what is selected where something is", "", "Ctrl+Alt+D"),
))  # fmt: skip
