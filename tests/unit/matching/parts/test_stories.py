"""A text of several stories has parts, each a story; nearly every text has none."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.languages import fold
from crawler.matching.parts import TextPart, story_parts
from crawler.matching.parts.items import is_separator
from crawler.matching.parts.layout import read_lines
from tests.disguises import DISGUISES
from tests.examples import examples
from tests.unit.matching.parts.texts import LOGS, ONE_STORY, PROSE, ROUND_UPS, TITLES

SEVERAL = {**ROUND_UPS, **LOGS}
LINES = (
    PROSE, *TITLES, "", "***", "---", "\u0640\u0640\u0640", "14:05", "14h10 – Il neige.", "• Rien.",
    "1. Un.", "OSLO – Snow.", "Foot. But.", "رياضة: فوز.", "«الميزان» كتبت أن الزيت غلا.", "Lundi : rien.",
    "1911 : plans.", "A heading", " \u200f ", "x" * 130, "Pourquoi ?",
)  # fmt: skip
HEADLINES = ("", PROSE, *(headline for headline, _ in SEVERAL.values()))
bodies = st.lists(st.sampled_from(LINES) | st.text(max_size=20), max_size=14).map("\n".join)


def shape(parts: tuple[TextPart, ...]) -> list[tuple[str, bool, bool, int]]:
    """What must not depend on spelling."""
    return [(p.kind, p.headline is None, p.under_headline, len(p.context)) for p in parts]


@pytest.mark.parametrize("name", ROUND_UPS)
def test_an_announced_round_up_is_cut_into_stories(name: str) -> None:
    """Each item is a story, to be judged without the others and without the headline."""
    headline, body = ROUND_UPS[name]
    parts = story_parts(headline, body)
    assert {part.kind for part in parts} == {"story"}
    assert len(parts) == (4 if name in ("separators", "agenda") else 3)
    assert not any(part.under_headline for part in parts)


@pytest.mark.parametrize("name", LOGS)
def test_a_log_of_one_event_is_cut_into_entries(name: str) -> None:
    """The headline, and what stands before the first entry, hold for each of them."""
    headline, body = LOGS[name]
    parts = story_parts(headline, body)
    entries = [part for part in parts if part.kind == "entry"]
    assert len(entries) == 4
    assert all(part.under_headline for part in parts)
    assert {part.context for part in entries} == {
        tuple((part.start, part.end) for part in parts if part.kind == "introduction")
    }


@pytest.mark.parametrize("name", ONE_STORY)
def test_a_text_of_one_story_has_no_parts(name: str) -> None:
    """Points, answers, subheads and rests are parts of one story."""
    assert story_parts(*ONE_STORY[name]) == ()


def test_one_paragraph_or_none_is_one_story() -> None:
    """A text without lines isn't looked at."""
    assert story_parts("أقوال الصحف", PROSE) == story_parts("En bref", "") == ()


def test_lines_without_a_mark_go_on_with_their_item() -> None:
    """A story may have several paragraphs."""
    headline, body = ROUND_UPS["datelines"]
    second = story_parts(headline, body)[1]
    assert body[second.start : second.end].endswith("ten years.")


def test_a_title_above_an_item_is_its_own_headline() -> None:
    """Also if both are bulleted, as some papers print their round-ups."""
    items = [
        (f"* {title}", f"* {town} - وكالات: {PROSE}")
        for title, town in zip(TITLES, ("روما", "باريس", "لندن", "مدريد", "فيينا"), strict=True)
    ]
    body = "\n".join(line for item in items for line in item)
    parts = story_parts("موجز دولي", body)
    assert [body[slice(*part.headline)] for part in parts if part.headline] == [
        title for title, _ in items
    ]


def test_a_heading_above_several_items_is_context_of_each() -> None:
    """Else the second item under the name of a country would not be of that country."""
    body = (
        "Norvège\n• Le marché aux poissons rouvre.\n• Le musée ferme.\n• Il neige.\n"
        "Autriche\n• Les tramways font grève.\n• Le lac gèle.\n• La reine est en visite."
    )
    parts = story_parts("Le monde en bref", body)
    contexts = [[body[slice(*place)] for place in part.context] for part in parts]
    assert contexts == [[], ["Norvège"], ["Norvège"], [], ["Autriche"], ["Autriche"]]


def test_a_short_introduction_is_context_and_a_part() -> None:
    """What it names ("the papers of Oslo") holds for each item; a long one is only a part."""
    headline, body = ROUND_UPS["papers"]
    introduced = f"أوسلو 10 مارس\n{body}"
    first, *others = story_parts(headline, introduced)
    assert first.kind == "introduction"
    assert all(part.context == ((0, len("أوسلو 10 مارس")),) for part in others)
    long = f"{' '.join([PROSE] * 4)}\n{body}"
    assert {part.context for part in story_parts(headline, long)} == {()}


def test_what_only_the_layout_sets_apart_is_judged_in_the_whole_too() -> None:
    """Items that have no word in common are entries if no headline announces stories."""
    body = "\n".join(f"• {line}" for line in (PROSE, *(f"{title} بعد طول انتظار ونقاش حاد بين "
        f"كل المعنيين به {n}" for n, title in zip("abcde", TITLES, strict=True))))  # fmt: skip
    shared = story_parts("حديث المساء", body)
    assert shared == ()  # they share words
    apart = (
        "La neige est attendue mardi soir au-dessus de mille mètres dans tout le massif oriental.",
        "Un tableau flamand, volé naguère au château, dormait derrière une armoire de collège.",
        "Trois tramways flambant neufs arrivent enfin : Zurich livre sa commande avec un mois d'avance.",
        "Battu par Lugano, le gardien prolonge pourtant son bail jusqu'en juin prochain, sans prime.",
    )
    parts = story_parts("Carnet", "\n".join(f"• {line}" for line in apart))
    assert [part.kind for part in parts] == ["entry"] * 4
    assert not any(part.under_headline for part in parts)


SNOW = (
    "La neige est attendue mardi soir au-dessus de mille mètres dans tout le massif oriental, où "
    "les chasse-neige tournent déjà. Les écoles fermeront plus tôt, prévient la préfecture, et le "
    "col restera barré jusqu'à vendredi."
)
PAINTING = (
    "Un tableau flamand, volé naguère au château, dormait derrière une armoire de collège ; le "
    "concierge croyait à une affiche. L'expert venu d'Anvers a pleuré, puis téléphoné au musée "
    "royal, qui prépare une exposition."
)


@pytest.mark.parametrize("between", ["\n***\n", "\nAilleurs hier\n", "\nBRUGES – "])
@pytest.mark.parametrize("turned", [False, True])
def test_a_second_story_behind_a_rest_a_title_or_a_dateline_is_seen(
    between: str, turned: bool
) -> None:
    """If both have no word in common; so a story counts the same before another and behind it."""
    stories = (PAINTING, SNOW) if turned else (SNOW, PAINTING)
    parts = story_parts("Neige : les chasse-neige tournent", between.join(stories))
    assert [part.kind for part in parts] == ["entry", "entry"]
    assert [part.under_headline for part in parts] == [not turned, turned]
    assert story_parts("", between.join((SNOW, SNOW))) == ()


@pytest.mark.parametrize(
    ("headline", "kind"),
    [
        ("Revue de presse : la jetée du vieux port s'effondre", "entry"),
        ("Revue de presse : la jetée effondrée, l'huile, un phare", "story"),
        ("Revue de presse : lundi", "story"),
    ],
)
def test_papers_on_one_theme_are_judged_in_the_whole_too(headline: str, kind: str) -> None:
    """A theme behind a colon is what all of them write about, unless several are listed."""
    _, body = ROUND_UPS["papers in French"]
    assert {part.kind for part in story_parts(headline, body)} == {kind}


def test_stories_of_one_event_are_entries() -> None:
    """Those of a visit's agenda belong together, though an agenda announces several."""
    _, body = ROUND_UPS["agenda"]
    assert {part.kind for part in story_parts("Agenda of the visit", body)} == {"entry"}


@pytest.mark.parametrize("disguise", DISGUISES)
@pytest.mark.parametrize("name", [*SEVERAL, *ONE_STORY])
def test_a_disguise_changes_no_cut(name: str, disguise: str) -> None:
    """Marks, letters and accents decide nothing (M32)."""
    headline, body = {**SEVERAL, **ONE_STORY}[name]
    change = DISGUISES[disguise]
    assert shape(story_parts(change(headline), change(body))) == shape(story_parts(headline, body))


@given(st.sampled_from(HEADLINES), bodies)
@settings(max_examples=examples(300))
def test_parts_fill_the_body_in_order(headline: str, body: str) -> None:
    """They don't overlap and leave out only blank space and separators; what belongs to a part
    lies in the body; the same text always has the same parts.
    """
    parts = story_parts(headline, body)
    assert parts == story_parts(headline, body, fold(body))
    if not parts:
        return
    ends = [0, *(part.end for part in parts)]
    starts = [*(part.start for part in parts), len(body)]
    assert all(part.start < part.end for part in parts)
    for end, start in zip(ends, starts, strict=True):
        assert end <= start
        assert all(is_separator(line) for line in read_lines(body[end:start]))
    for part in parts:
        assert part.headline is None or part.start <= part.headline[0] < part.headline[1] < part.end
        assert all(b <= part.start or a >= part.end for a, b in part.context)
