"""Fork: what it costs beside what it says of an update, which `test_permissions` and `test_permission_attacks` tell."""

from __future__ import annotations

import gc
from weakref import ref

import pytest

from cowrite_server.document.fork import Fork
from cowrite_server.document.view import View
from cowrite_server.wire.protocol import Role
from table import OTHER, SUGGESTIONS, Table, change_of, root


def test_a_fork_that_is_given_up_leaves_no_document_in_memory() -> None:
    table = Table()
    fork = Fork(table.replica)
    fork.apply(change_of(table.copy(), SUGGESTIONS["text that carries insertion"]), looks=True)
    doc = ref(fork._doc)
    del fork
    gc.collect()
    assert doc() is None


def test_the_body_is_looked_at_only_where_an_update_may_have_touched_it(monkeypatch: pytest.MonkeyPatch) -> None:
    table, looked = Table(), []
    of = View.of
    monkeypatch.setattr(View, "of", lambda doc: looked.append(doc) or of(doc))
    table.offer(Role.COMMENTER, change_of(table.copy(), lambda doc: root(doc, "comments").update({"c2": "Because"})))
    assert looked == []
    table.offer(Role.SUGGESTER, change_of(table.copy(OTHER), SUGGESTIONS["text that carries insertion"]))
    assert len(looked) == 2
