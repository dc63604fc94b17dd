"""TableStore: the part of a store that is the same whichever database has its tables."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine
from typing import Any, Concatenate, ParamSpec, TypeVar

from cowrite_server.store import acts, asking, audit, history, joining, log, members, rewriting, rooms, sealed, versions
from cowrite_server.store.tables import Tables

P = ParamSpec("P")
T = TypeVar("T")


def _doing(
    rule: Callable[Concatenate[Tables, P], Coroutine[Any, Any, T]],
) -> Callable[Concatenate[TableStore, P], Coroutine[Any, Any, T]]:
    """A method that is done with the tables."""

    async def do(store: TableStore, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await store.with_tables(rule, *args, **kwargs)

    return do


class TableStore(ABC):
    """What a store does with its tables; see `store.Store` for what its methods do."""

    read_room = _doing(log.read_room)
    read_after = _doing(log.read_after)
    last_numbers = _doing(log.last_numbers)
    read_blob = _doing(log.read_blob)
    read_history = _doing(history.read_history)
    compact = _doing(history.compact)
    name_version = _doing(versions.name_version)
    thin = _doing(history.thin)
    list_rooms = _doing(history.list_rooms)
    list_sizes = _doing(history.list_sizes)
    find_room = _doing(rooms.find_room)
    ensure_room = _doing(rooms.ensure_room)
    was_forgotten = _doing(rooms.was_forgotten)
    names = _doing(rooms.names)
    begin_anew = _doing(rewriting.begin_anew)
    put_back = _doing(rewriting.put_back)
    add_invite = _doing(acts.add_invite)
    withdraw = _doing(acts.withdraw)
    set_role = _doing(acts.set_role)
    remove_member = _doing(acts.remove_member)
    rename = _doing(acts.rename)
    saw = _doing(acts.saw)
    ask_to_write = _doing(asking.ask_to_write)
    not_now = _doing(asking.not_now)
    askers = _doing(asking.askers)
    join = _doing(joining.join)
    list_invites = _doing(members.list_invites)
    list_members = _doing(members.list_members)
    standings = _doing(members.standings)
    list_acts = _doing(audit.list_acts)
    last_acts = _doing(audit.last_acts)
    seal = _doing(sealed.seal)
    take_back = _doing(sealed.take_back)
    sealed_by = _doing(sealed.sealed_by)
    sealed_counts = _doing(sealed.sealed_counts)
    claimed_boxes = _doing(sealed.claimed_boxes)
    claim_box = _doing(sealed.claim_box)
    prepare_box = _doing(sealed.prepare_box)
    finish_box = _doing(sealed.finish_box)

    @abstractmethod
    async def with_tables(
        self, rule: Callable[Concatenate[Tables, P], Coroutine[Any, Any, T]], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Does something with the tables.

        Raises:
            StoreFailed: the store is closed, or the database fails; what the rule raises passes through.
        """
