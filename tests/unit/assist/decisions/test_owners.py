"""Whose a task is, and until when."""

from __future__ import annotations

import time

import pytest

from cowrite.assist.decisions.addressing import people_in
from cowrite.assist.decisions.dates import due_in
from cowrite.assist.decisions.minutes import reported
from cowrite.assist.decisions.owners import owner_in
from cowrite.assist.text.transcripts import said


@pytest.mark.parametrize(
    ("sentence", "due"),
    [
        ("Ben orders them by Friday.", "Friday"),
        ("It is due on 3 May 2025.", "3 May 2025"),
        ("We need it until the end of the month.", "end of the month"),
        ("The launch is on 14 June.", "14 June"),
        ("No later than 2025-06-14, please.", "2025-06-14"),
        ("By the door stands a chair.", ""),
        ("He may come.", ""),
        ("We decided not to meet on Friday.", ""),
        ("We decided to cancel the meeting on 12 June.", ""),
        ("On 3 May we decided to sell the house.", ""),
        ("We agreed on Friday to sell the house.", ""),
        ("We agreed on Friday.", "Friday"),
        ("On Friday, Ben orders them.", "Friday"),
        ("On 3 May we decided to sell by the end of June.", "end of June"),
        ("Sie holt bis Ende Juni drei Angebote ein.", "Ende Juni"),
        ("Frist: 12.09.2025", "12.09.2025"),
        ("Er fragt bis zur nächsten Sitzung.", "nächsten Sitzung"),
        ("Am 3. Mai haben wir beschlossen, das Haus zu verkaufen.", ""),
        ("Luc écrira aux écoles avant vendredi.", "vendredi"),
        ("Jean s’en charge d’ici le 15 juin.", "15 juin"),
        ("La réunion a été annulée le 3 mai.", ""),
        ("Carlos la pedirá antes del 1 de marzo.", "1 de marzo"),
        ("Pedro se encarga hasta el lunes.", "lunes"),
        ("By: 1 March", "1 March"),
        ("Tom calls the landlord tomorrow.", "tomorrow"),
        ("Tom calls tomorrow, and pays by Friday.", "Friday"),
        ("Jonas holt morgen die Farbe.", "morgen"),
        ("Karim préviendra demain les lecteurs.", "demain"),
        ("Die Kinder schwimmen am Morgen.", ""),
        ("Morgen, zusammen.", ""),
        ("Nos vemos por la mañana.", ""),
        ("We decided not to meet tomorrow.", ""),
        ("Tomorrow's world needs bikes.", ""),
        ("Das Wetter bleibt bis Freitag schlecht.", ""),
        ("The shop is closed until Friday.", ""),
        ("We have until Friday.", "Friday"),
        ("It rained on Sunday, so the barrel is full.", ""),
    ],
)
def test_a_date_is_in_the_words_of_the_text(sentence: str, due: str) -> None:
    found = due_in([sentence])
    assert found.removeprefix("the ") == due


@pytest.mark.parametrize(
    ("speaker", "sentence", "owner"),
    [
        ("", "Maria Lopez will tell the customers.", "Maria Lopez"),
        ("", "Owner: Ben", "Ben"),
        ("Anna", "I'll order samples.", "Anna"),
        ("", "I'll order samples.", ""),
        ("Anna", "We will see.", ""),
        ("", "Bob to get quotes by 1 April.", "Bob"),
        ("", "Action: Bob to get quotes.", "Bob"),
        ("", "Welcome to all guests.", ""),
        ("", "Frau Roth holt bis Freitag Angebote ein.", "Frau Roth"),
        ("", "Ole bestellt ihn bis Freitag.", "Ole"),
        ("", "Um die Adressen kümmert sich Nadja bis Montag.", "Nadja"),
        ("", "Zuständig ist Petra.", "Petra"),
        ("", "Who: Petra", "Petra"),
        ("", "Umstellung: Mira, bis Freitag", "Mira"),
        ("", "Opening hours: Saturday, until noon", ""),
        ("", "The clerk will place the order.", "clerk"),
        ("", "Le trésorier enverra les avis avant le 1er juin.", "trésorier"),
        ("", "Die Verwaltung soll die Kosten klären.", "Verwaltung"),
        ("", "El administrador no vendrá.", ""),
        ("", "Nach Diskussion wird der Kauf beschlossen (7 Ja, 1 Nein).", ""),
        ("", "Miete wird ab Mai erhöht.", ""),
        ("Anna", "Will do, tomorrow.", "Anna"),
        ("Kai", "Ich hole die Farbe am Samstag.", "Kai"),
        ("", "Die Hecke wird im Oktober geschnitten.", ""),
        ("", "Regen fällt bis Freitag.", ""),
        ("", "Ole bestellt ihn nicht bis Freitag.", ""),
        ("", "Marie la commandera avant vendredi.", "Marie"),
        ("", "Responsable : Paul.", "Paul"),
        ("", "La salle sera prête avant vendredi.", ""),
        ("", "Carlos la pedirá antes del viernes.", "Carlos"),
        ("", "It should be blue.", ""),
        ("", "Tom will not book the room.", ""),
        ("", "Ben should have called them.", ""),
        ("", "Marketing should be told.", ""),
        ("", "Monday will be busy.", ""),
        ("", "Someone will call them.", ""),
        ("", "Tickets should cost two euros, as last year.", ""),
        ("", "Karten sollen zwei Euro kosten.", ""),
        ("", "Eintritt soll zwei Euro kosten.", ""),
        ("Anna", "I will not be there.", ""),
        ("", "We agreed that Ms Hall orders the chairs.", "Ms Hall"),
        ("Anna", "The board decided that Tom calls them.", "Tom"),
        ("", "We agreed that Monday works for all.", ""),
        ("", "Or should we wait?", ""),
        ("", "Both will be sold. Each should cost ten.", ""),
        ("", "The clerk to write to the county.", "clerk"),
        ("", "The chair to the left is broken.", ""),
        ("", "We decided that Python stays.", ""),
        ("", "It was agreed that the office calls them.", ""),
        ("", "Maria will be responsible for the cake.", "Maria"),
        ("", "Maria agreed to be the treasurer.", "Maria"),
        ("Anna", "I'll be writing the report.", "Anna"),
        ("", "Priya orders it by 4 May.", "Priya"),
        ("", "The shop gets busy and opens before noon.", ""),
    ],
)
def test_an_owner_is_somebody_whom_the_text_names(speaker: str, sentence: str, owner: str) -> None:
    assert owner_in([(speaker, sentence)]) == owner


PEOPLE = frozenset(("Anna", "Bob", "Cy Miller"))


@pytest.mark.parametrize(
    ("sentence", "owner"),
    [
        ("Bob, you order samples by Friday.", "Bob"),
        ("Okay, Bob, you’ll order samples.", "Bob"),
        ("Bob, can you please order samples?", "Bob"),
        ("Bob, please order samples.", "Bob"),
        ("So we take rubber, and Bob, you order samples.", "Bob"),
        ("Could you order samples, Cy?", "Cy Miller"),
        ("You order samples by Friday, Bob.", "Bob"),
        ("Bob, du bestellst bitte Muster.", "Bob"),
        ("Bob, you order samples and Maria will pay them.", "Bob"),
        ("Bob can you order samples?", "Bob"),
        ("Bob, kümmerst du dich darum?", "Bob"),
        ("Pay the samples (Bob).", "Bob"),
        ("Pay the samples (London).", ""),
        ("Bob, meinst du das?", ""),
        ("Well, you order samples by Friday.", ""),
        ("Well, will you order samples?", ""),
        ("Then you order samples by Friday, okay?", ""),
        ("Dave, you order samples by Friday.", ""),
        ("Bob, you said we order samples by Friday.", ""),
        ("Bob, you don't order samples.", ""),
        ("Bob, you ordered them already.", ""),
        ("Bob, we order samples.", ""),
        ("Can you hear me, Bob?", ""),
        ("Anna, you order samples, I tell myself.", ""),
    ],
)
def test_whoever_is_addressed_by_name_owns_what_they_are_told_to_do(sentence: str, owner: str) -> None:
    assert owner_in([("Anna", sentence)], PEOPLE) == owner


def test_those_are_known_who_speak_or_are_named_as_present() -> None:
    text = "Present: Anna, Bob and Cy Miller.\n\nWe take rubber.\n\nBob, you order samples."
    assert people_in(said(text)) == PEOPLE
    assert people_in(said("Anna: We take rubber.\nBob: Fine.\nAnna: Good.\n")) == {"Anna", "Bob"}


@pytest.mark.parametrize("word", ["A'", "A-", "A’"])
def test_a_word_of_twenty_thousand_letters_holds_nothing(word: str) -> None:
    sentence = word * 10_000
    began = time.process_time()
    assert owner_in([("", sentence)]) == ""
    assert reported("Ada", sentence)
    assert time.process_time() - began < 10  # it would take minutes
