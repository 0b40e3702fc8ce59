"""How many examples a property test tries: many in ``make test``, a quarter by hand."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# A busy machine draws examples slowly; that says nothing about the code.
_COMMON = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def register() -> None:
    """Declare both profiles; ``quick`` holds unless ``--hypothesis-profile=thorough`` is given."""
    settings.register_profile("thorough", _COMMON, max_examples=100)
    settings.register_profile("quick", _COMMON, max_examples=25)
    settings.load_profile("quick")


def examples(number: int) -> int:
    """``number`` in the thorough profile, in proportion fewer in any other."""
    return max(1, number * settings().max_examples // 100)
