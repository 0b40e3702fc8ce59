"""Made texts, copies and a whole press, the same for the same dice."""

from __future__ import annotations

import random
from collections.abc import Sequence

from crawler.model import ArchivedArticle
from tests.builders import kept

SYLLABLES = ("ba", "do", "fi", "gu", "ka", "le", "mo", "ni", "ra", "so", "tu", "ve")


def a_word(dice: random.Random) -> str:
    """Any word."""
    return "".join(dice.choices(SYLLABLES, k=dice.randrange(2, 6)))


def a_text(dice: random.Random, words: int) -> str:
    """A text of so many words, a full stop after every twelfth, a paragraph after every 36th."""
    written = [a_word(dice) for _ in range(words)]
    for n in range(11, words, 12):
        written[n] += ".\n\n" if n % 36 == 35 else "."
    return " ".join(written).replace("\n ", "\n")


def edited(dice: random.Random, text: str, *, changes: int) -> str:
    """The text with so many words put another way, at random."""
    words = text.split(" ")
    for place in dice.sample(range(len(words)), min(changes, len(words))):
        words[place] = f"{a_word(dice)} {a_word(dice)}" if dice.random() < 0.5 else ""
    return " ".join(filter(None, words))


def shared(dice: random.Random, text: str, words: int) -> str:
    """The first words of a text, and as many of its own."""
    return f"{' '.join(text.split(' ')[:words])} {a_text(dice, words)}"


def a_press(size: int) -> list[ArchivedArticle]:
    """A press of so many articles: two in eight are copies, one is a relative that shares a third
    of its text, the others stand alone."""
    dice = random.Random(size)
    texts: list[str] = []
    for number in range(size):
        kind = number % 8
        if kind < 3 and texts:
            old = dice.choice(texts[-200:])
            texts.append(edited(dice, old, changes=3) if kind < 2 else shared(dice, old, 40))
        else:
            texts.append(a_text(dice, 120))
    return as_articles(texts)


def as_articles(texts: Sequence[str]) -> list[ArchivedArticle]:
    """The texts as articles under headlines of their own."""
    return [kept(n, text, headline=f"Headline {n}") for n, text in enumerate(texts)]
