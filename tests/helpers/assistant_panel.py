"""The assistant's panel as tests use it: tasks to choose from, results, and what is seen and pressed."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from cowrite.gui.assistant.panel import AssistantPanel
from cowrite.gui.assistant.values import Alteration, DecisionShown, Quote, Source, Subject, TaskChoice
from cowrite.gui.look.theme import named

SHORTER = TaskChoice("rewrite-shorter", "Shorter", "Fewer words", "Rewrite", Subject.SELECTION)
OWN = TaskChoice("rewrite-own", "As you say", "Your words", "Rewrite", Subject.SELECTION, "How it should read")
ASK = TaskChoice("ask", "Ask about the draft", "With quotes", "Read", Subject.DOCUMENT, "Your question")
SUMMARISE = TaskChoice("summarise", "Summarise", "In short", "Read")
DECISIONS = TaskChoice(
    "decisions",
    "Decisions",
    "With quotes",
    "Read",
    Subject.EITHER,
    "About what?",
    may_be_silent=True,
    sources=(Source.DRAFT, Source.PASTED, Source.NOTES),
)
TASKS = (SHORTER, OWN, ASK, DECISIONS, SUMMARISE)
FOUND = (
    DecisionShown(0, "They take rubber.", "Decided · Ben · due Friday", (Quote(0, "We agreed on rubber."),)),
    DecisionShown(1, "The battery stays.", "Open", (Quote(1, "It is gone.", is_lost=True),), is_accepted=True),
)
QUOTES = tuple(Quote(number, "Herbs along the wall, and tomatoes where it is sunny.") for number in range(2))
DIFFERENCE = ("We have ", Alteration(0, "one", "a"), " wall", Alteration(1, "", " and a door"), ".")


def panel_in(qtbot: QtBot) -> AssistantPanel:
    """A panel that is shown, with tasks."""
    panel = AssistantPanel(named("light"))
    qtbot.addWidget(panel)
    panel.form.show_tasks(TASKS)
    panel.form.show_subject(0, 40)
    panel.resize(340, 640)
    panel.show()
    panel.activateWindow()
    return panel


def shown(panel: QWidget) -> list[str]:
    return [label.text() for label in panel.findChildren(QLabel) if label.isVisible() and label.text()]


def buttons(panel: QWidget) -> list[str]:
    return [each.text() for each in panel.findChildren(QPushButton) if each.isVisible() and each.text()]


def press(panel: QWidget, text: str) -> None:
    next(each for each in panel.findChildren(QPushButton) if each.isVisible() and each.text() == text).click()
