"""The members of a document: who they are, what they may do, when they were here.

Runs on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QVBoxLayout, QWidget

from cowrite.clock import milliseconds_now
from cowrite.core.text.direction import from_left
from cowrite.gui.look.theme import LOOSE, SPACING, set_look, worn
from cowrite.gui.look.times import ago
from cowrite.gui.people.avatar import Avatar
from cowrite.gui.people.person import Person
from cowrite.gui.people.roles import MAY, NAMES, RoleBox
from cowrite.gui.widgets.asking import ask_whether
from cowrite.gui.widgets.dialog_parts import button, lay_out_row, note, plain_label, scrolling
from cowrite.gui.widgets.rows import Rows
from cowrite.gui.widgets.search_field import as_search_field
from cowrite.gui.widgets.tips import tip_of
from cowrite_server.wire.members import MemberList, MemberSummary
from cowrite_server.wire.protocol import Role

AWAY = "#6b6f76"  # stored colour of who is not here
MANY = 12  # members from which on there is a field to find one


class MembersPage(QWidget):
    """`role_chosen(member, role)` and `removal_requested(member)`, each once the person has confirmed it;
    `asking_requested()`: they want to write."""

    role_chosen = Signal(int, object)
    removal_requested = Signal(int)
    asking_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._why = note("")
        self._ask = button("Ask to write", "Ask the owners to be let write")
        self._ask.clicked.connect(self.asking_requested)
        self._ask.hide()
        self._said = ""
        self._role, self._owners = Role.VIEWER, list[str]()
        self._search = QLineEdit()
        self._search.setAccessibleName("Find somebody")
        self._search.setToolTip("Words of a name, or a role")
        as_search_field(self._search)
        self._search.textChanged.connect(lambda _text: self._find())
        self._nobody = note("Nobody is called so.")
        self._nobody.setContentsMargins(0, LOOSE, 0, 0)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._rows: Rows[int, MemberRow] = Rows(column)
        self._alone = note("Nobody else has joined yet. Make a link under Links, and send it to those who should join.")
        self._alone.setContentsMargins(0, LOOSE, 0, 0)
        column.addWidget(self._alone)
        column.addWidget(self._nobody)
        column.addStretch(1)
        area = scrolling(inside, "Members", keeps_width=True)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, LOOSE, 0, 0)
        whole.setSpacing(SPACING)
        whole.addWidget(self._why)
        whole.addWidget(self._ask, 0, Qt.AlignmentFlag.AlignLeading)
        whole.addWidget(self._search)
        whole.addWidget(area, 1)

    def show_members(
        self,
        found: MemberList,
        role: Role,
        me: int | None,
        colours: Mapping[str, str],
        mine: Mapping[int, str],
        askers: frozenset[int] = frozenset(),
    ) -> None:
        """Shows these; rows that stay keep the keyboard."""
        now = milliseconds_now()
        owners = [member.name or "an owner without a name" for member in found.members if _may_manage(member)]
        self._role, self._owners = role, owners
        self._show_why()
        self._why.setVisible(not role.may_manage)
        order = sorted(found.members, key=lambda member: (member.removed is not None, member.id != me))
        by_number = {member.id: member for member in order}
        rows = self._rows.place(list(by_number), lambda number: self._new_row(by_number[number]))
        for row, member in zip(rows, order, strict=True):
            asks = member.id in askers
            row.show_member(member, now, is_me=member.id == me, managed=role.may_manage, asks=asks)
            row.show_colour(mine.get(member.id) or colours.get(member.name or "") or AWAY)
        self._alone.setVisible(role.may_manage and len(order) <= 1)
        self._search.setPlaceholderText(f"Find somebody among {len(order)} people")
        if len(order) < MANY:
            self._search.clear()
        self._search.setVisible(len(order) >= MANY)
        self._find()

    def show_asking(self, said: str, *, may_ask: bool) -> None:
        """Shows what became of the person's asking to write, and whether they can ask now."""
        self._said = said
        self._ask.setVisible(may_ask)
        self._show_why()

    def show_times(self) -> None:
        """Says anew how long ago it is."""
        now = milliseconds_now()
        for row in self._rows:
            row.show_time(now)

    def _find(self) -> None:
        """Shows those of whom the field has a name or role; all while it is empty."""
        words = self._search.text().casefold().split()
        found = [row for row in self._rows if row.is_called(words)]
        for row in self._rows:
            row.setVisible(row in found)
        self._nobody.setHidden(bool(found) or not words)

    def _new_row(self, member: MemberSummary) -> MemberRow:
        row = MemberRow(member)
        row.role_chosen.connect(lambda role: self._choose(row, role))
        row.removal_requested.connect(lambda: self._ask_removal(row))
        return row

    def _show_why(self) -> None:
        why = _why_no_changes(self._role, [] if self._said else self._owners)
        self._why.setText(f"{why} {self._said}".strip())

    def _choose(self, row: MemberRow, role: Role) -> None:
        if role is row.member.role:
            return
        if not (row.is_me and row.member.role.may_manage):
            self.role_chosen.emit(row.member.id, role)
            return
        name = NAMES[role].lower()
        words = "You will not be able to change anybody’s role then; only another owner can make you an owner again."
        box = ask_whether(
            self,
            "People and links",
            f"Make yourself {name}?",
            words,
            f"Become {name}",
            lambda: self.role_chosen.emit(row.member.id, role),
            loses=True,
        )
        box.rejected.connect(lambda: row.show_role(row.member.role))

    def _ask_removal(self, row: MemberRow) -> None:
        words = (
            "They are cut off at once and cannot come back with the link that they have. Their copy of the text and "
            "what they wrote here stay as they are."
        )
        remove = partial(self.removal_requested.emit, row.member.id)
        ask_whether(self, "People and links", f"Remove {row.who}?", words, "Remove", remove, loses=True)


class MemberRow(QFrame):
    """One member. `role_chosen(role)`, `removal_requested()`."""

    role_chosen = Signal(object)
    removal_requested = Signal()

    def __init__(self, member: MemberSummary) -> None:
        super().__init__()
        self.member = member
        self.is_me = self.asks = False
        self.who = ""
        self._avatar = Avatar(worn().metrics.avatar)
        self._name = plain_label("")
        set_look(self._name, role="heading")
        self._facts = note("")
        self._role = QLabel()
        self._role.setTextFormat(Qt.TextFormat.PlainText)
        set_look(self._role, role="muted")
        self._box = RoleBox("")
        self._box.chosen.connect(self.role_chosen)
        self._remove = button("Remove…", "")
        self._remove.clicked.connect(self.removal_requested)
        lay_out_row(self, self._avatar, (self._name, self._facts), self._role, self._box, self._remove)

    def show_member(self, member: MemberSummary, now: int, *, is_me: bool, managed: bool, asks: bool = False) -> None:
        """Shows how a member stands, and whether it asks to write; `managed` where the person who looks decides on
        roles."""
        self.member, self.is_me, self.asks = member, is_me, asks
        name = member.name or f"Member {member.id}"
        self.who = "yourself" if is_me else name
        self._name.setText(from_left(f"{name} (you)" if is_me else name))
        may_come = member.removed is None
        set_look(self._name, role="heading" if may_come else "muted")
        self.show_role(member.role)
        self._box.show_who(name)
        policy = self._remove.sizePolicy()
        policy.setRetainSizeWhenHidden(managed and may_come)  # the boxes of all rows stand below each other
        self._remove.setSizePolicy(policy)
        self._box.setVisible(managed and may_come)
        self._role.setVisible(not managed and may_come)
        self._remove.setVisible(managed and may_come and not is_me)
        self._remove.setToolTip(tip_of(f"No longer let {name} in"))
        self._remove.setAccessibleName(f"Remove {name}")
        self.show_time(now)

    def show_time(self, now: int) -> None:
        """Says how long ago it is; `now` in milliseconds since 1970."""
        facts = _facts(self.member, now)
        self._facts.setText(f"Asks to write · {facts}" if self.asks else facts)
        self.setAccessibleName(f"{self._name.text()}, {NAMES[self.member.role]}, {self._facts.text()}")

    def is_called(self, words: Iterable[str]) -> bool:
        """Whether name and role have all these words in them, which are casefolded."""
        said = f"{self._name.text()} {NAMES[self.member.role]}".casefold()
        return all(word in said for word in words)

    def show_role(self, role: Role) -> None:
        """Shows this role."""
        self._box.show_role(role)
        self._role.setText(NAMES[role])
        self._role.setToolTip(MAY[role])

    def show_colour(self, colour: str) -> None:
        """Shows the member's colour, as it is stored."""
        self._avatar.show_person(Person("", self.member.name or "", colour))


def _may_manage(member: MemberSummary) -> bool:
    return member.role.may_manage and member.removed is None


def _facts(member: MemberSummary, now: int) -> str:
    if member.removed is not None:
        return f"May not come back; removed {ago(member.removed, now)}"
    if member.here:
        return "Here now"
    return f"Last here {ago(member.seen, now)}"


def _why_no_changes(role: Role, owners: list[str]) -> str:
    *some, last = owners[:3] or [""]
    whom = f" Ask {', '.join(some)}{' or ' if some else ''}{last}." if owners else ""
    return f"Only owners invite people and change roles; you are {_with_article(role)}.{whom}"


def _with_article(role: Role) -> str:
    name = NAMES[role].lower()
    return f"{'an' if name[0] in 'aeio' else 'a'} {name}"
