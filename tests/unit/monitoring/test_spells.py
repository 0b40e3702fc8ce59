"""What fails again and again has a line when it begins and one when it ends."""

from __future__ import annotations

from crawler.monitoring.spells import Ended, Spells, kind_of


def raised(text: str) -> ValueError:
    """An error, always raised on the same line."""
    try:
        raise ValueError(text)
    except ValueError as error:
        return error


def test_a_failure_is_said_once_until_it_works() -> None:
    """A job that breaks every five seconds would fill the disk with its tracebacks."""
    spells = Spells(iter([10.0, 70.0, 80.0]).__next__)
    assert [spells.failed("tick") for _ in range(1000)] == [True, *[False] * 999]
    assert spells.worked("tick") == Ended(times=1000, seconds=60)
    assert spells.worked("tick") is None
    assert spells.failed("tick")


def test_another_failure_within_a_spell_is_said_too() -> None:
    """It is news; the end counts both."""
    spells = Spells(lambda: 0.0)
    assert [spells.failed("tick", kind) for kind in "aabab"] == [True, False, True, False, False]
    assert spells.worked("tick") == Ended(times=5, seconds=0)


def test_things_have_spells_of_their_own() -> None:
    """One that works says nothing of another."""
    spells = Spells(lambda: 0.0)
    assert spells.failed(("mail", "smtp")) and spells.failed(("mail", "maildir"))
    assert spells.worked(("mail", "smtp")) and not spells.failed(("mail", "maildir"))


def test_an_error_is_known_by_its_place_not_by_its_words() -> None:
    """Its words may hold a time or an id."""
    assert kind_of(raised("at 10:00")) == kind_of(raised("at 10:05"))
    assert kind_of(raised("x")) != kind_of(KeyError("x"))
