"""The demonstration of a meeting: three people go from a question to a decision that stands in their draft."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cowrite.demo.director import ADA, BEN, Player, ServerProcess, Show

CY = ("Cy", "#2e8b57")
DRAFT = """# The courtyard
What we do with the forty square metres behind the house.

"""
QUESTION = "How might we make the courtyard a place where people stay?"
WRITTEN = {
    "Ada": ("Herbs along the sunny wall", "A long table under the lime tree", "A tap for everybody"),
    "Ben": ("Benches with backs", "Lamps that go on at dusk", "Raised beds for the school"),
    "Cy": ("A roof over one corner", "Games to lend from a box"),
}
BUILT = "A table with a roof, so that rain ends no supper"
GROUPS = {
    "Ada": ("Somewhere to sit", ("A long table under the lime tree", "Benches with backs", BUILT)),
    "Cy": ("Things that grow", ("Herbs along the sunny wall", "Raised beds for the school")),
}
DOTS = {
    "Ada": {"Somewhere to sit": 2, "A roof over one corner": 1},
    "Ben": {"Somewhere to sit": 2},
    "Cy": {"Things that grow": 2},
}
OUTCOME = "We build one long table with a roof, and benches with backs around it."
DISSENT = "Cy would have begun with the beds."


def meeting(out: Path) -> int:
    """Plays the demonstration of a meeting: pictures, the draft, the decision and report.json. See `Show.run`."""
    said = "Three people went from {notes} notes to a decision"
    return Show(_play, ("converged", "sealed"), "The three windows differ.", said).run(out)


def _play(out: Path, folder: Path) -> dict[str, Any]:
    with ServerProcess(folder / "server") as server:
        link = server.invite("editor")
        people: dict[str, Player] = {}
        try:
            ada = people["Ada"] = Player(ADA, folder / "ada", None)
            ada.do("type", text=DRAFT)
            ada.do("share", link=str(link))
            for who in (BEN, CY):
                people[who[0]] = Player(who, folder / who[0].lower(), str(link))
                people[who[0]].do("wait_text", texts=["behind the house"])
            ada.do("wait_people", others=2)
            return _Meeting(people, out).hold()
        finally:
            for player in people.values():
                player.end()


class _Meeting:
    """What three people do, one phase after the other.

    Args:
        people: by their names.
        out: where pictures and files go.
    """

    def __init__(self, people: dict[str, Player], out: Path) -> None:
        self._people = people
        self._ada = people["Ada"]
        self._out = out

    def hold(self) -> dict[str, Any]:
        """Holds it; returns what is to be reported."""
        self._ada.order("command", id="session_begin")
        self._ada.do("write", name="Question", text=QUESTION, enter=True)
        self._all("command", id="view_session")
        is_sealed = self._write()
        self._build()
        self._group()
        self._vote()
        self._decide()
        return {"sealed": is_sealed, **self._compare()}

    def _all(self, do: str, **details: Any) -> None:
        for person in self._people.values():
            person.order(do, **details)
        for person in self._people.values():
            person.finish()

    def _go_on(self, phase: str) -> None:
        self._ada.do("command", id="session_next")
        self._all("wait_shown", text=f"The group is at {phase}")

    def _write(self) -> bool:
        """All write alone and at once; then nobody, and no file of the server's log, may hold what others wrote."""
        self._go_on("Write")
        for name, notes in WRITTEN.items():
            for text in notes:
                self._people[name].order("write", name="A new note", text=text, enter=True)
            self._people[name].order("wait_sealed")
        self._all("wait_shown", text=f"3 people, {sum(map(len, WRITTEN.values()))} notes sealed")
        self._people["Ben"].do("grab", file=str(self._out / "writing.png"))
        words = [text for notes in WRITTEN.values() for text in notes]
        held = [text for person in self._people.values() for text in person.do("holds", words=words)["held"]]
        self._all("click", name="I’m done")
        self._ada.do("wait_done", people=len(self._people))  # else she is asked whether to reveal all the same
        self._ada.do("command", id="session_next")
        self._all("wait_published", notes=len(words))
        shown = [text for person in self._people.values() for text in person.do("holds", words=words)["held"]]
        return not held and len(shown) == 3 * len(words)

    def _build(self) -> None:
        self._go_on("Build")
        self._people["Ben"].do("command", id="view_session")
        self._people["Ben"].do("write", name="A new note", text=BUILT, enter=True)
        self._all("wait_published", notes=sum(map(len, WRITTEN.values())) + 1)

    def _group(self) -> None:
        self._go_on("Group")
        for name, (title, texts) in GROUPS.items():
            self._people[name].order("group", title=title, texts=texts)
        for name in GROUPS:
            self._people[name].finish()
        self._ada.do("grab", file=str(self._out / "ideas.png"))
        self._ada.do("command", id="view_board")
        self._ada.do("press", name="Board", key="T", times=1)
        self._ada.do("press", name="Board", key="Shift+1", times=1)
        self._ada.do("grab", file=str(self._out / "board.png"))
        self._go_on("Clarify")

    def _vote(self) -> None:
        self._go_on("Rate")
        self._all("command", id="view_session")
        self._ada.do("click", name="Open a poll")
        self._ada.do("click", name="Open the poll")
        for name, dots in DOTS.items():
            for option, times in dots.items():
                self._people[name].order("press", name=f"Dots for {option}", key="Up", times=times)
            self._people[name].order("wait_sealed")
        self._ada.do("wait_shown", text="All 3 have voted")
        self._people["Cy"].do("grab", file=str(self._out / "voting.png"))
        self._ada.do("click", name="Close the poll")
        self._all("wait_shown", text="“Somewhere to sit” is at the top.")
        self._people["Ben"].do("grab", file=str(self._out / "result.png"))

    def _decide(self) -> None:
        ada = self._ada
        ada.do("click", name="Write down the decision…")
        ada.do("write", name="Outcome", text=OUTCOME)
        ada.do("write", name="Dissent", text=DISSENT)
        ada.do("click", name="Accept")
        ada.do("click", name="Put into the draft")
        self._all("wait_decided", outcome=OUTCOME)
        ada.do("command", id="view_decisions")
        ada.do("grab", file=str(self._out / "decisions.png"))
        for person in self._people.values():
            person.do("command", id="view_draft")
        self._all("wait_status", sentences=["Saved on the server"])
        self._people["Ben"].do("grab", file=str(self._out / "draft.png"))

    def _compare(self) -> dict[str, Any]:
        ada = self._ada
        ada.order("export", kind="markdown", file=str(self._out / "draft.md"))
        ada.order("export_board", file=str(self._out / "board-export.png"))
        ada.order("export_decisions", folder=str(self._out), files={"madr": "decision.md", "docx": "decision.docx"})
        ada.finish()
        self._all("wait_saved")
        meetings = [person.do("meeting") for person in self._people.values()]
        drafts = [person.do("state")["spans"] for person in self._people.values()]
        first = meetings[0]
        return {
            "converged": all(each == first for each in meetings) and all(each == drafts[0] for each in drafts),
            "notes": len(first["notes"]),
            "groups": {
                title: sorted(text for text, _author, group in first["notes"] if group == title)
                for title in sorted({group for _text, _author, group in first["notes"] if group})
            },
            "polls": first["polls"],
            "decisions": first["decisions"],
            "in_the_draft": len(first["embeds"]),
            "processes": 4,
        }
