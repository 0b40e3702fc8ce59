"""Names in the environment that set nothing, and are no mistake."""

from __future__ import annotations

import re
from pathlib import Path

from crawler.config import environment

CONTRIBUTING = Path(__file__).parents[3] / "CONTRIBUTING.md"


def test_whoever_runs_the_tests_under_a_variable_may_start_rasd_under_it() -> None:
    """Every name that CONTRIBUTING explains; a test's ``rasd`` has the test's environment."""
    named = set(re.findall(r"RASD_[A-Z_]+", CONTRIBUTING.read_text(encoding="utf-8")))
    assert {"RASD_FORTNIGHT", "RASD_REQUIRE", "RASD_TEST_POSTGRES"} <= named
    assert environment.read(dict.fromkeys(named, "1")).values == {}
