"""A dot after an abbreviation ends no sentence; after a word, a full stop does."""

from __future__ import annotations

import pytest

from crawler.languages import fold, sentences
from tests.disguises import DISGUISES

ONE = [
    "التقى د. سعاد الوزير أمس.",
    "قال أ. د. كريم حسن إن الاتفاق قريب.",
    "انظر ص. 14 من الاتفاقية.",
    "حضر اللواء م. علي الاجتماع.",
    "Le Dr. Alaoui et Mme. Bennani ont signé.",
    "S.M. le Roi a reçu S.E. M. Hussein.",
    "MM. Bourita et Hussein ont signé l'accord.",
    "Mgr. Sako et le Pr. Fassi étaient là.",
    "Le gén. Hammouchi a visité le bd. Mohammed V.",
    "La Cie. générale et la banque, cf. la note, ont signé.",
    "Selon l'art. 12, p. 3 et chap. 2 de la convention.",
    "La réunion du 5 janv. 2026 et celle du 3 sept. 2025.",
    "Lt. Gen. Karim al-Tamimi met Sgt. Brown in Rabat.",
    "The U.S. Army trained them, e.g. in Kenitra.",
    "Col. Ahmed, Capt. Saad and Prof. J. K. Smith signed.",
    "Under art. 3, No. 58 of 2025, the price rose 3.5 per cent.",
    "Acme Inc. and Motor Co. officials, vs. Basra Ltd. managers, came.",
    "Talks on Nov. 3 and Dec. 12 in St. Petersburg.",
    "S.M. el Rey recibió al Sr. Hussein y a la Sra. López.",
    "El Gral. Ortega y D. Juan viajaron a EE. UU. el lunes.",
    "Según el art. 4 y la pág. 7 del convenio.",
]

TWO = [
    "وقع الوزير الاتفاق. وعاد إلى بغداد.",
    "صدر القانون عام 1445 هـ. وقال الوزير إنه نافذ.",
    "جرى ذلك سنة 2024 م. ثم عاد الوفد.",
    "Le ministre est venu de l'Est. La délégation suit.",
    "Il est tombé 40 mm. La crue a suivi.",
    "Il vit bd. Hassan II. Elle travaille à Salé.",
    "Ils ont parlé d'art. La visite s'est achevée.",
    "Il ira au Maroc en tant que tel. La suite est connue.",
    "He flew to the U.S. The minister stayed.",
    "The shop is on Main St. He lives there.",
    "The answer was no. Talks ended.",
    "They spoke of modern art. The visit ended.",
    "That was plan B. They left.",
    "He joined Acme Inc. They had met in May.",
    "Hablaron del mar. La visita acabó.",
    "Viajó a EE.UU. Ellos se quedaron.",
    "Il est parti ! Elle reste.",
]


@pytest.mark.parametrize("text", ONE)
def test_an_abbreviation_ends_no_sentence(text: str) -> None:
    """Titles, initials, references and months, in four languages."""
    assert sentences(text) == [(0, len(text))]


@pytest.mark.parametrize("text", TWO)
def test_a_sentence_ends_where_another_begins(text: str) -> None:
    """Also behind an abbreviation, if a word follows that begins sentences."""
    assert len(sentences(text)) == 2


@pytest.mark.parametrize("name", DISGUISES)
@pytest.mark.parametrize("text", [*ONE, *TWO])
def test_sentences_end_there_in_every_disguise(text: str, name: str) -> None:
    """Capitals, hidden marks and letters that look like others change no end (M32)."""
    assert numbers(DISGUISES[name](text)) == numbers(text)


def numbers(text: str) -> list[int]:
    """The number of the sentence of each word."""
    folded = fold(text)
    return [folded.sentence(word) for word in range(len(folded.words))]


def test_a_line_ends_a_sentence_behind_an_abbreviation() -> None:
    """A headline or a list's item ends with its line."""
    assert len(sentences("Visite de M.\nDupont signe.")) == 2
    assert fold("Visite de M.\nDupont signe.").paragraph(3) == 1


def test_a_long_word_is_no_abbreviation() -> None:
    """However it ends."""
    assert len(sentences("x" * 60 + "dr. Fin.")) == 2
