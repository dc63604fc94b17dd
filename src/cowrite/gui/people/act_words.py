"""What was done about people and links, one sentence an act."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cowrite.core.text.direction import isolated
from cowrite.gui.look.times import date_and_time
from cowrite.gui.people.roles import NAMES
from cowrite_server.counting import counted
from cowrite_server.wire.history import VERSION_NAME_UNITS
from cowrite_server.wire.members import Act
from cowrite_server.wire.names import clean_name


def act_sentence(act: Act, names: Mapping[int, str], host: str = "") -> str:
    """One sentence on an act.

    Args:
        act: what was done. Its details may be anything that a later server sends.
        names: member numbers to names.
        host: what whoever runs the server is called; empty where that is not known.
    """
    host = host or "Whoever runs the server"
    actor = host if act.actor is None else _member(act.actor, names)
    details = act.details
    member, role = _member(details.get("member"), names), _role(details.get("role"))
    match act.kind:
        case "invited":
            return f"{actor} made a link for {role}s{_terms(details)}."
        case "withdrawn":
            cut_off = details.get("removed")
            count = len(cut_off) if isinstance(cut_off, list) else 0
            who = f" and cut off {counted(count, 'person', 'people')} who joined with it" if count else ""
            return f"{actor} withdrew a link{who}."
        case "joined":
            return f"{actor} joined as {_article(role)}."
        case "renamed":
            before, name = _told(details.get("before")), _told(details.get("name"))
            if not before and name:
                return f"{name} gave their name."
            return f"{before or 'Somebody'} is called {name or 'nothing'} now."
        case "role-changed":
            who = "The sign-in of the team" if details.get("by") == "token" else actor
            return f"{who} made {member} {_article(role)}; before: {_role(details.get('before'))}."
        case "removed":
            return f"{actor} removed {member}."
        case "asked-to-write":
            return f"{actor} asked to write."
        case "put-off":
            return f"{actor} told {member}, who had asked to write: not now."
        case "history-restored":
            return f"{actor} brought back an earlier state of the text."
        case "version-named":
            name, before = _told(details.get("name")), _told(details.get("before"))
            if not name:
                return f"{actor} took the name “{before}” away from a version."
            was = f", which was called “{before}”" if before else ""
            return f"{actor} named a version “{name}”{was}."
        case "room-restored":
            return "The document was restored from a backup of the server."
        case "room-rewritten":
            return f"{host} rewrote the document, and kept what it was before."
        case "room-put-back":
            return f"{host} put back what the document was before it was rewritten."
        case "room-forgotten":
            return f"{host} removed an earlier document of this name for good."
        case _:
            return f"{actor} did something that this version of cowrite has no words for ({_told(act.kind)})."


def _member(number: object, names: Mapping[int, str]) -> str:
    return isolated(names.get(number, "a former member")) if isinstance(number, int) else "somebody"


def _role(value: object) -> str:
    return next((name.lower() for role, name in NAMES.items() if role.value == value), _told(value))


def _told(value: object) -> str:
    """Words of a server as people can see them; empty for none."""
    return "" if value is None else isolated(clean_name(str(value), VERSION_NAME_UNITS) or "")


def _article(role: str) -> str:
    return f"{'an' if role[:1] in 'aeio' else 'a'} {role}"


def _terms(details: Mapping[str, Any]) -> str:
    uses, expires = details.get("uses"), details.get("expires")
    terms = []
    if isinstance(uses, int):
        terms.append("for one person" if uses == 1 else f"for {uses} people")
    if isinstance(expires, int):
        terms.append(f"good until {date_and_time(expires)}")
    return f", {', '.join(terms)}" if terms else ""
