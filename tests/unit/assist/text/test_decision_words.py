"""Words by which people decide."""

from __future__ import annotations

import pytest

from cowrite.assist.text.decision_words import is_assent, is_firm, is_only_assent, standing
from cowrite.core.decisions.found import Standing


@pytest.mark.parametrize(
    ("sentence", "status"),
    [
        ("We decided to take rubber.", Standing.DECIDED),
        ("It was agreed that the price stays.", Standing.DECIDED),
        ("The final decision is blue.", Standing.DECIDED),
        ("Okay, so we’ll go with the yellow one.", Standing.DECIDED),
        ("Let's stick to the old name.", Standing.DECIDED),
        ("Wir haben uns auf Gummi geeinigt.", Standing.DECIDED),
        ("I think we should use wood.", Standing.LEANING),
        ("We'd probably prefer a website.", Standing.LEANING),
        ("We have not decided that yet.", Standing.OPEN),
        ("That is still open.", Standing.OPEN),
        ("Should we drop the display?", Standing.OPEN),
        ("Let's come back to it next week.", Standing.OPEN),
        ("Das ist noch offen.", Standing.OPEN),
        ("Nothing was decided.", None),
        ("No decision was made.", None),
        ("We decided nothing yet.", None),
        ("They agreed on nothing.", None),
        ("We haven’t agreed on anything.", None),
        ("We decided nothing but the colour.", Standing.DECIDED),
        ("We agreed on nothing else than blue.", Standing.DECIDED),
        ("If we had decided to sell, we would be rich.", None),
        ("Had we agreed on blue, Ben would paint.", None),
        ("Once that is agreed, Ben orders it.", None),
        ("It would have been approved by the board.", None),
        ("Wenn wir uns auf Gummi geeinigt haben, bestellt Ben.", None),
        ("Have we agreed on blue?", Standing.OPEN),
        ("Okay, and is that decided?", Standing.OPEN),
        ("We decided to wait until Monday.", Standing.DECIDED),
        ("If it rains, we agreed to stay.", Standing.DECIDED),
        ("The outcome is that we agreed on blue.", Standing.DECIDED),
        ("Before Ben left we agreed on blue.", Standing.DECIDED),
        ("5 for, 2 against: adopted.", Standing.DECIDED),
        ("Carried 6–1.", Standing.DECIDED),
        ("The motion passes.", Standing.DECIDED),
        ("The motion to build a pool was rejected.", Standing.DECIDED),
        ("Rejected.", Standing.DECIDED),
        ("Der Antrag wurde mit 5 zu 2 Stimmen angenommen.", Standing.DECIDED),
        ("Einstimmig angenommen: Wir feiern am 12. Juli.", Standing.DECIDED),
        ("Replace the fence | 5 | 2 | Adopted", Standing.DECIDED),
        ("Der Vorstand beschließt, den Zaun zu erneuern.", Standing.DECIDED),
        ("The board approves the budget.", Standing.DECIDED),
        ("They go with wood.", Standing.DECIDED),
        ("The vote was tied, 3 to 3.", Standing.OPEN),
        ("3 for, 3 against.", Standing.OPEN),
        ("The proposal did not reach the two-thirds majority.", Standing.DECIDED),
        ("Consent given; no objections.", Standing.DECIDED),
        ("RESOLVED FURTHER, That the officers open an account.", Standing.DECIDED),
        ("The Board unanimously elected Jane Doe.", Standing.DECIDED),
        ("The logo question was settled.", Standing.DECIDED),
        ("Cool, 9:30 it is, starting Monday.", Standing.DECIDED),
        ("We won't renew the contract.", Standing.DECIDED),
        ("We won't know before Monday.", None),
        ("Let's decide on Thursday.", Standing.OPEN),
        ("We decided on Thursdays.", Standing.DECIDED),
        ("If the motion passes, we need a plan.", None),
        ("Was the motion carried?", None),
        ("The motion needs a majority to be adopted.", None),
        ("They passed the ball 6-1 times.", None),
        ("She was accepted at the university.", None),
        ("It was adopted from a shelter.", None),
        ("They go with their dog.", None),
        ("See you then.", None),
        ("The meeting was adjourned at nine.", None),
        ("The garden is green.", None),
        ("She has a decided taste.", None),
        ("I don't think we decided to move.", Standing.OPEN),
        ("I doubt that we agreed to that.", Standing.OPEN),
        ("I don't know, but we decided to sell.", Standing.DECIDED),
        ("We agreed to disagree about the venue.", Standing.OPEN),
        ("We won't decide today.", Standing.OPEN),
        ("That is not what we agreed.", Standing.OPEN),
        ("Whether it was decided I cannot tell.", None),
        ("Imagine we decided to sell the house.", None),
        ("The plan must be approved first.", None),
        ("It was decided that the plan must be approved by the board.", Standing.DECIDED),
        ("Let's say we have ten guests.", None),
        ("Let's say Friday.", Standing.DECIDED),
        ("Wir haben nicht beschlossen, das Haus zu verkaufen.", Standing.OPEN),
        ("Ich glaube nicht, dass wir das beschlossen haben.", Standing.OPEN),
        ("He claims we agreed to pay.", Standing.OPEN),
        ("Don't say we agreed to that.", None),
        ("The decision is up to the board.", None),
        ("The question is whether the decision is legal.", None),
        ("The decision is not to sell.", Standing.DECIDED),
        ("Am Montag haben wir beschlossen, das Haus zu verkaufen.", Standing.DECIDED),
        ("Der Gartenverein hat beschlossen, den Beitrag zu senken.", Standing.DECIDED),
        ("Im Mai hat der Elternbeirat sich für Holz entschieden.", Standing.DECIDED),
        ("Wann hat der Vorstand das entschieden?", None),
        ("Wir haben vereinbart, dass Timo die Karten druckt.", Standing.DECIDED),
        ("Wir haben noch nichts vereinbart, und Timo wartet.", None),
        ("Il a été décidé de repeindre la salle.", Standing.DECIDED),
        ("Nous n’avons pas encore décidé du lieu.", Standing.OPEN),
        ("Si nous avons décidé de partir, tant pis.", None),
        ("Rien n’a été décidé.", None),
        ("Se acordó pintar el salón.", Standing.DECIDED),
        ("Todavía no hemos decidido el color.", Standing.OPEN),
        ("No se decidió nada.", None),
        ("Our conclusion would be to wait.", Standing.DECIDED),
        ("OK, so let's push it to Tuesday.", Standing.DECIDED),
        ("Let's just see.", None),
        ("Let's take a short break.", None),
        ("We'll deliver on 30 September.", Standing.DECIDED),
        ("We'll need a van.", None),
        ("Great, then Monday.", Standing.DECIDED),
        ("Good, then you know it.", None),
        ("Two nights then.", Standing.DECIDED),
        ("So unless somebody objects, it's the hall.", Standing.DECIDED),
        ("The board looked at three pumps and chose the smallest one.", Standing.DECIDED),
        ("We have therefore decided to keep it.", Standing.DECIDED),
        ("In my last team we agreed on goals.", None),
        ("When the team has agreed, the note is green.", None),
        ("Hotels up to 120 euro are accepted.", None),
        ("Look at Preferences.", None),
        ("OK, parking that until May.", Standing.OPEN),
        ("Let's leave the band for next time.", Standing.OPEN),
        ("Holidays: open", Standing.OPEN),
        ("Decision: none yet, we think about it.", Standing.OPEN),
        ("They could not agree on a name.", Standing.OPEN),
        ("Einverstanden, wir mieten ein Zelt.", Standing.DECIDED),
        ("Super, dann Samstag um 9.", Standing.DECIDED),
        ("Ich fände es besser, wir machen das drinnen.", Standing.LEANING),
        ("Das müssen wir noch mal besprechen.", Standing.OPEN),
        ("Ob es Essen gibt, steht noch nicht fest.", Standing.OPEN),
        ("D'accord, on prend le bleu.", Standing.DECIDED),
        ("L'idée n'a pas été retenue.", Standing.DECIDED),
        ("Le choix du logo est reporté à la prochaine réunion.", Standing.OPEN),
        ("También acordamos no subir los precios.", Standing.DECIDED),
        ("No se aprobó la propuesta.", Standing.DECIDED),
        ("We decided that the shop stays open on Mondays.", Standing.DECIDED),
        ("The date stays open.", Standing.OPEN),
        ("Eso no lo hemos decidido.", Standing.OPEN),
        ("Lo del logo lo decidimos otro día.", Standing.OPEN),
    ],
)
def test_a_sentence_tells_how_far_things_are(sentence: str, status: Standing | None) -> None:
    assert standing(sentence) is status


def test_only_what_says_so_is_firm() -> None:
    assert is_firm("We agreed on blue.")
    assert not is_firm("Let's take blue.")
    assert not is_firm("We have not agreed on blue.")


def test_agreeing_is_known_and_agreeing_only_too() -> None:
    assert is_assent("Yeah, sounds good.")
    assert is_assent("Okay, and the battery?")
    assert is_only_assent("Yeah, sounds good.")
    assert not is_only_assent("Okay, and the battery?")
    assert is_only_assent("+1, fine with me")
    assert not is_assent("Good question, I'll ask.")


@pytest.mark.parametrize(
    "sentence", ["Yesterday it rained.", "Gute Nacht!", "Rightly so?", "January is cold.", "Okinawa"]
)
def test_a_word_that_begins_like_a_yes_is_none(sentence: str) -> None:
    assert not is_assent(sentence)
