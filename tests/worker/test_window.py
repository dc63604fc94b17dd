"""Which part of a document the model sees."""

from __future__ import annotations

from collections.abc import Sequence

from cowrite.assist.requests import Seen
from cowrite.worker.window import Fitted, WindowFitter

ROOM, STEP = 100, 25


def tokens_of(paragraph: str) -> tuple[int, ...]:
    return tuple(map(ord, paragraph))


def whole(_: Sequence[int], __: int) -> bool:
    return False


def fit(fitter: WindowFitter, paragraphs: Sequence[str], keep: str = "end") -> Fitted:
    return fitter.fit(paragraphs, tokens_of, keep, ROOM, STEP)  # type: ignore[arg-type]


def text(fitted: Fitted) -> str:
    return "".join(map(chr, fitted.tokens))


def test_a_document_that_fits_is_seen_whole() -> None:
    paragraphs = ["one\n", "two\n"]
    assert fit(WindowFitter(whole), paragraphs) == Fitted(tokens_of("one\ntwo\n"), Seen(0, 2, 2))
    assert fit(WindowFitter(whole), []) == Fitted((), Seen(0, 0, 0))


def test_the_kept_end_begins_with_a_paragraph() -> None:
    paragraphs = [f"paragraph {number:03}\n" for number in range(20)]
    fitted = fit(WindowFitter(whole), paragraphs)
    assert len(fitted.tokens) <= ROOM - STEP
    assert text(fitted) == "".join(paragraphs[fitted.seen.first :])
    assert fitted.seen.stop == fitted.seen.total == 20


def test_the_kept_start_ends_with_a_paragraph() -> None:
    paragraphs = [f"paragraph {number:03}\n" for number in range(20)]
    fitted = fit(WindowFitter(whole), paragraphs, "start")
    assert fitted.seen == Seen(0, 7, 20)
    assert text(fitted) == "".join(paragraphs[:7])


def test_while_somebody_types_at_the_limit_the_beginning_stays_for_a_quarter_of_the_context() -> None:
    fitter = WindowFitter(whole)
    paragraphs = [f"paragraph {number:03}\n" for number in range(20)]
    begins = []
    before: tuple[int, ...] = ()
    anew = 0
    for letter in "and so it went on and on " * 20:
        paragraphs[-1] += letter
        if len(paragraphs[-1]) > 40:
            paragraphs[-1] += "\n"
            paragraphs.append("")
        fitted = fit(fitter, paragraphs)
        assert len(fitted.tokens) <= ROOM
        begins.append(fitted.seen.first)
        anew += fitted.tokens[: len(before)] != before
        before = fitted.tokens
    assert begins == sorted(begins)
    assert anew <= len(begins) * 0.1


def test_the_beginning_stays_with_its_paragraph_where_teammates_write_above_it() -> None:
    fitter = WindowFitter(whole)
    paragraphs = [f"paragraph {number:03}\n" for number in range(20)]
    first = fit(fitter, paragraphs)
    second = fit(fitter, ["new above\n", "and more\n", *paragraphs])
    assert second.tokens == first.tokens
    assert second.seen.first == first.seen.first + 2


def test_where_much_was_deleted_more_is_seen_again() -> None:
    fitter = WindowFitter(whole)
    paragraphs = [f"paragraph {number:03}\n" for number in range(20)]
    fit(fitter, paragraphs)
    fitted = fit(fitter, paragraphs[:17])
    assert len(fitted.tokens) >= ROOM // 2


def test_a_paragraph_longer_than_the_context_is_cut_inside() -> None:
    fitter = WindowFitter(whole)
    fitted = fit(fitter, ["before\n", "x" * 500 + "end"])
    assert text(fitted).endswith("xend")
    assert ROOM // 2 <= len(fitted.tokens) <= ROOM
    assert fitted.seen == Seen(1, 2, 2)
    longer = fit(fitter, ["before\n", "x" * 500 + "end."])
    assert longer.tokens[:-1] == fitted.tokens, "what is read already stays read"
    start = fit(fitter, ["y" * 500, "after\n"], "start")
    assert text(start) == "y" * ROOM
    assert start.seen == Seen(0, 1, 2)


def test_a_cut_never_goes_through_a_character() -> None:
    owl = "🦉".encode()
    paragraph = owl.decode() * 200

    def bytes_of(some: str) -> tuple[int, ...]:
        return tuple(some.encode())

    def splits(tokens: Sequence[int], at: int) -> bool:
        return 0 < at < len(tokens) and 0x80 <= tokens[at] < 0xC0

    for room in range(50, 60):
        for keep in ("end", "start"):
            fitted = WindowFitter(splits).fit([paragraph], bytes_of, keep, room, room // 4)  # type: ignore[arg-type]
            assert 0 < len(fitted.tokens) <= room
            assert set(bytes(fitted.tokens).decode()) == {"🦉"}
