"""Parts that the library would join are joined before, and the document is the same."""

from __future__ import annotations

from random import Random
from time import thread_time
from typing import Any

import pycrdt
import pytest

from cowrite_server.document import runs
from cowrite_server.document.census import Counted
from cowrite_server.document.replica import Replica
from cowrite_server.document.runs import in_runs
from cowrite_server.errors import BrokenUpdate
from cowrite_server.wire.encoding import var_uint
from helpers.seeds import seeds
from slow_updates import runs_of_one_text


def values_in_a_row(count: int) -> bytes:
    """An update with so many values of a list, each a part."""
    first, more = b"\x08\1\1f\1\x77\1a", (b"\x88\5" + var_uint(at) + b"\1\x77\1a" for at in range(count - 1))
    return b"".join([b"\1", var_uint(count), b"\5\0", first, *more, b"\0"])


@pytest.mark.parametrize("kind", ["text", "values"])
def test_what_would_take_all_memory_to_join_comes_as_one_part(kind: str) -> None:
    update = runs_of_one_text(8_000, length=1_000, is_marked=False) if kind == "text" else values_in_a_row(50_000)
    doc: pycrdt.Doc[pycrdt.Text] = pycrdt.Doc()
    joined = in_runs(Counted(update))
    assert len(joined) < len(update)
    doc.apply_update(joined)
    assert doc.get_update() == joined
    assert in_runs(Counted(joined)) == joined


def test_a_replica_takes_long_text_of_very_many_parts_at_once() -> None:
    begun = thread_time()
    Replica([runs_of_one_text(4_000, length=900, is_marked=False)])
    assert thread_time() - begun < 5  # and not twenty, with many gigabytes


def torn(text: bytes, *, apart: bool, is_late: bool = False) -> bytes:
    """An update with a text of 2,200,000 letters, at 2,200 places of which another client wrote a letter.

    Args:
        text: a struct of the text, or more, with how many there are.
        apart: whether each letter comes between two of the text; otherwise behind all of it.
        is_late: whether the letters wait for an earlier one.
    """
    places = range(1_000, 2_200_000, 1_000)
    letters = [
        b"\xc4\1" + var_uint(at - 1) + b"\1" + var_uint(at) + b"\1a" if apart else b"\x84\1" + var_uint(at - 1) + b"\1a"
        for at in places
    ]
    return b"".join([b"\2", var_uint(len(letters)), b"\7", b"\1" if is_late else b"\0", *letters, text[1:]])


ONE_PART = runs_of_one_text(1, length=2_200_000)
MANY_PARTS = runs_of_one_text(2_200, length=1_000, is_marked=False)


@pytest.mark.parametrize("text", [ONE_PART, MANY_PARTS], ids=["one", "many"])
def test_text_between_which_others_wrote_is_left_as_it_is(text: bytes) -> None:
    update = torn(text, apart=True)
    assert in_runs(Counted(update)) is update


@pytest.mark.parametrize("text", [ONE_PART, MANY_PARTS], ids=["one", "many"])
@pytest.mark.parametrize(("apart", "is_late"), [(False, False), (True, True)], ids=["elsewhere", "not-there"])
def test_text_that_is_taken_apart_only_to_be_joined_again_is_refused(text: bytes, apart: bool, is_late: bool) -> None:
    update = torn(text, apart=apart, is_late=is_late)
    with pytest.raises(BrokenUpdate):
        in_runs(Counted(update))


@pytest.mark.parametrize("seed", seeds(20))
def test_a_document_is_the_same_in_other_parts(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "_LITTLE", 0)
    monkeypatch.setattr(runs, "_SHORT", 0)
    random = Random(seed)
    updates: list[bytes] = []
    docs: list[pycrdt.Doc[Any]] = [
        pycrdt.Doc({"body": pycrdt.Text(), "list": pycrdt.Array()}, client_id=client) for client in (200, 7, 9000)
    ]
    for doc in docs:
        doc.observe(lambda event: updates.append(event.update))
    for _ in range(60):
        doc = random.choice(docs)
        body: Any = doc.get("body", type=pycrdt.Text)
        text = str(body)
        at = len(text[: random.choice([len(text), random.randrange(len(text) + 1)])].encode())
        if at and random.random() < 0.2:
            del body[0 : len(text[:1].encode())]
        else:
            for letter in random.choice(["one", "of them", "ü"]):
                body.insert(at, letter)
                at += len(letter.encode())
            more: Any = doc.get("list", type=pycrdt.Array)
            for _ in range(random.randrange(3)):
                more.append(random.random())
        if random.random() < 0.2:
            random.choice(docs).apply_update(doc.get_update())
    whole = pycrdt.merge_updates(*updates)
    plain: pycrdt.Doc[pycrdt.Text] = pycrdt.Doc()
    plain.apply_update(whole)
    other: pycrdt.Doc[pycrdt.Text] = pycrdt.Doc()
    other.apply_update(in_runs(Counted(whole)))
    assert len(in_runs(Counted(whole))) < len(whole)
    assert other.get_update() == plain.get_update()
