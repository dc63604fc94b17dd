from cowrite.core.crdt.redone import Redone
from cowrite.core.crdt.structs import Content, Id, Struct


def test_text_that_undo_has_brought_back_thousands_of_times_is_found():
    redone = Redone(7)
    for clock in range(10, 20_010, 10):
        redone.note([Struct(7, clock, 10, Content.STRING, right_origin=Id(7, clock - 10))])
    assert list(redone.newest_of(7, range(3, 6))) == [(7, range(20_003, 20_006))]


def test_all_ids_are_known_by_which_text_has_gone_that_was_brought_back_in_parts():
    redone = Redone(7)
    redone.note([Struct(7, 20, 4, Content.STRING, right_origin=Id(3, 10))])
    redone.note([Struct(7, 30, 1, Content.STRING, right_origin=Id(7, 22))])
    assert list(redone.all_of(3, range(11, 14))) == [(3, range(11, 14)), (7, range(21, 24)), (7, range(30, 31))]
