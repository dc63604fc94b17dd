"""Boards of ideas on which what is alike is known; the thresholds of `core.board.similar` were chosen over them.

Each row is a topic and a text; rows of one topic are about the same. A topic that begins with "-" is alone.
"""

from __future__ import annotations

from cowrite.core.board.items import Note, Place

GARDEN = (
    ("herbs", "Plant herbs along the sunny wall"),
    ("herbs", "Herbs along the sunny wall of the yard"),
    ("herbs", "Plant more herbs near the kitchen"),
    ("water", "Collect rain water from the roof"),
    ("water", "A barrel that collects rainwater from the roof"),
    ("water", "Rain water for the beds"),
    ("bench", "A bench under the apple tree"),
    ("bench", "Build a bench below the old apple tree"),
    ("children", "A sandpit for the children"),
    ("children", "Playground for children with a sandpit"),
    ("bees", "Bee hives on the shed"),
    ("bees", "Hives for bees behind the shed"),
    ("-tools", "Ask the neighbours for tools"),
    ("-party", "Summer party in July"),
    ("-lights", "Lights along the path"),
    ("-compost", "Compost for kitchen waste"),
)
APP = (
    ("onboarding", "Onboarding takes too long"),
    ("onboarding", "The onboarding is too long"),
    ("onboarding", "Shorten onboarding to three steps"),
    ("crash", "App crashes when exporting to PDF"),
    ("crash", "PDF export crashes the app"),
    ("crash", "Crash on export"),
    ("dark", "Please add a dark mode"),
    ("dark", "Dark mode for the evening"),
    ("price", "Too expensive for small teams"),
    ("price", "Lower price for small teams"),
    ("-offline", "Offline mode on trains"),
    ("-spanish", "Translate into Spanish"),
    ("-keys", "Better keyboard shortcuts"),
    ("-pin", "Let me pin a chat"),
)
TRAVEL = (
    ("train", "Take the night train to Vienna"),
    ("train", "Night train instead of flying to Vienna"),
    ("food", "Try the food market on Sunday"),
    ("food", "Sunday food market"),
    ("museum", "Visit the museum of modern art"),
    ("museum", "Museum of Modern Art on Monday"),
    ("-bikes", "Rent bikes for a day"),
    ("-lake", "Swim in the lake"),
    ("-hostel", "Book a hostel with a kitchen"),
    ("-games", "Bring board games"),
)
BOARDS = {"garden": GARDEN, "app": APP, "travel": TRAVEL}


def notes_of(board: str) -> list[Note]:
    """A board as notes."""
    return [Note(f"note:{index:02}", text, Place(0, 0)) for index, (_, text) in enumerate(BOARDS[board])]


def topics_of(board: str) -> dict[str, str]:
    """By note id the topic."""
    return {f"note:{index:02}": topic for index, (topic, _) in enumerate(BOARDS[board])}
