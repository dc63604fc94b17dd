"""Bound editors under random plans: see `helpers.plans` for what people and the network do."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QTextDocument

from cowrite.bridge.page.shown_body import ShownBody
from cowrite.bridge.page.shown_parts import ShownParts
from cowrite.bridge.page.text_formats import TextFormats
from cowrite.core.text.origin import Origin
from cowrite.gui.look.theme import named
from helpers import plans
from helpers.drafts import draft
from helpers.plan_files import Op, load_plan, shrink
from helpers.plan_runs import PlanFailed, run_plan, run_seed
from helpers.plans import make_plan
from helpers.player import Player
from helpers.seeds import seeds
from helpers.world import World

WITHIN_SUGGESTIONS = (520034, 530272, 530309, 530533, 530607, 531009, 531064, 602483, 910181)
"""Another program writes within what is suggested, and all is undone and done again; or several bring it back."""


@pytest.mark.parametrize("seed", [*seeds(5), *WITHIN_SUGGESTIONS])
def test_bound_editors_hold_the_same_rich_text_as_their_documents_and_as_each_other(seed, qapp):
    wrong = run_seed(seed)
    assert wrong is None, wrong


@pytest.mark.parametrize("seed", seeds(3))
def test_pages_with_tables_hold_what_their_documents_hold(seed, qapp):
    wrong = run_seed(seed, tables=True)
    assert wrong is None, wrong


def looks(text: QTextDocument) -> list[tuple]:
    """How each line of a page looks, and each of its characters."""
    shown, block = [], text.begin()
    while block.isValid():
        pieces, iterator = [], block.begin()
        while not iterator.atEnd():
            pieces.append((iterator.fragment().text(), iterator.fragment().charFormat()))
            iterator += 1
        shown.append((block.blockFormat(), pieces or block.charFormat()))
        block = block.next()
    return shown


@pytest.mark.parametrize("seed", seeds(4))
def test_a_page_that_is_filled_looks_as_if_each_of_its_lines_had_been_styled(seed, qapp):
    with World(plan := make_plan(seed)) as world:
        for op in plan:
            world.perform(op)
        document = world.players[0].document
        text, formats = QTextDocument(), TextFormats(named("light"))
        shown = ShownBody(text, document, formats)
        ShownParts(text, document, formats, shown).fill()
        filled = looks(text)
        shown.restyle(0, document.length)
        assert filled == looks(text)
        world.finish()


def test_a_line_of_many_looks_is_styled_once_when_a_page_is_filled(qapp, monkeypatch):
    document = draft(*("words" for _ in range(20)))
    with document.edit(Origin.LOCAL) as edit:
        for at in range(0, document.length, 6):
            edit.format(at, 2, {"bold": True})
            edit.format(at + 3, 1, {"italic": True})
            edit.format(at + 5, 1, {"header": 2})
    text, formats = QTextDocument(), TextFormats(named("light"))
    styled = []
    line_format = formats.line_format
    monkeypatch.setattr(formats, "line_format", lambda *lines: styled.append(lines) or line_format(*lines))
    ShownParts(text, document, formats, ShownBody(text, document, formats)).fill()
    assert len(styled) <= 2 * 20 + 1  # each line, and its place below the one above it
    assert looks(text)[3][1][0][1].font().bold()


BEGIN: Op = {"do": "begin", "seed": 0, "people": 2, "maker": True}


def held(*ops: Op) -> list[tuple[str, dict]]:
    """Carries operations out, each checked; gives the lines that both people have in the end."""
    plan = [BEGIN, *ops]
    with World(plan) as world:
        for op in plan:
            world.perform(op)
        world.converge()
        result = [(span.text, dict(span.attributes)) for span in world.players[1].document.spans()]
        world.finish()
    return result


def foreign(text: str, **more) -> Op:
    return {"do": "foreign", "who": 0, "client": 99, "at": 0, "kind": "insert", "text": text, "attributes": {}, **more}


@pytest.mark.parametrize(
    "text", ["\r\n", "\r", "\u2029", "\ufdd0", "\ufdd1", "\ufeff", "\ufffe", "\ufffc", "\0", "\v\f"]
)
def test_a_character_that_qt_does_not_take_for_text_neither_breaks_lines_nor_is_lost(text, qapp):
    typed = {"do": "type", "who": 0, "text": "x", "at": "c999"}
    assert (f"{text}x\n", {}) in held(foreign(text), typed)


@pytest.mark.parametrize("attributes", plans.STRANGE, ids=str)
def test_attributes_that_only_other_programs_write_are_shown_without_harm(attributes, qapp):
    numbered = {"do": "list", "who": 1, "kind": "ordered", "at": "c0"}
    held(foreign("a\nb", attributes=attributes), {"do": "deliver", "n": 0}, numbered, {"do": "list", **numbered})


def test_text_typed_in_a_heading_that_was_emptied_looks_like_the_heading(qapp):
    held(
        {"do": "style", "who": 0, "style": "heading_1", "at": "c0"},
        {"do": "type", "who": 0, "text": "ab", "at": "c999"},
        {"do": "key", "who": 0, "key": "Backspace", "times": 2, "at": "c999"},
        {"do": "type", "who": 0, "text": "c", "at": "k"},
        {"do": "compose", "who": 0, "pre": ["え"], "text": "え", "at": "c0", "to": "c999"},
    )


@pytest.fixture
def undo_takes_others_text(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A bug, for trying what finds it; gives the folder for its plans."""
    monkeypatch.setenv("COWRITE_PLANS", str(tmp_path / "plans"))
    monkeypatch.setattr(Player, "do_undo", lambda player, op: player.editor.undo_own() or 1 / 0)
    return tmp_path / "plans"


def test_a_failing_plan_is_made_small_and_saved_as_a_file_that_replays(undo_takes_others_text, qapp):
    wrong = run_seed(3)
    path = undo_takes_others_text / "plan-3.jsonl"
    assert wrong is not None
    assert f"--replay {path}" in wrong
    plan = load_plan(path)
    assert [op["do"] for op in plan] == ["begin", "undo"]
    with pytest.raises(PlanFailed, match="ZeroDivisionError"):
        run_plan(plan)


def test_a_plan_does_the_same_each_time(qapp):
    def text_after(plan: list[Op]) -> list:
        with World(plan) as world:
            for op in plan:
                world.perform(op)
            return list(world.players[0].document.spans())

    assert make_plan(5) == make_plan(5)
    assert text_after(make_plan(5)) == text_after(make_plan(5))


def test_shrinking_leaves_out_every_line_that_does_not_matter():
    plan = [BEGIN, *({"do": "pause", "who": 0, "n": n} for n in range(50))]
    wanted = {3, 17, 41}
    small = shrink(plan, fails=lambda candidate: wanted <= {op.get("n") for op in candidate})
    assert [op["n"] for op in small[1:]] == [3, 17, 41]
