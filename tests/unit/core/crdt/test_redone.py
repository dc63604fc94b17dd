from cowrite.core.crdt.redone import Redone
from cowrite.core.crdt.structs import Content, Id, Struct


def test_text_that_undo_has_brought_back_thousands_of_times_is_found():
    redone = Redone(7)
    for clock in range(10, 20_010, 10):
        redone.note([Struct(7, clock, 10, Content.STRING, right_origin=Id(7, clock - 10))])
    assert list(redone.newest_of(7, range(3, 6))) == [(7, range(20_003, 20_006))]
