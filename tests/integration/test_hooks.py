"""A start is refused when one of our hooks into Scrapy or Twisted no longer works."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.broken_hooks import BREAKS
from tests.conftest import absent
from tests.places import PROJECT

SOURCE = """name: paper
home: http://paper.test/
country: MA
languages: [en]
timezone: Africa/Casablanca
feeds:
  - {url: "http://paper.test/news", kind: section, links: "a", render: true}
"""


@pytest.fixture(scope="module")
def starts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What each start said, in one child process; "" where it went on."""
    folder = tmp_path_factory.mktemp("hooks")
    seed = folder / "seeds" / "sources" / "zz" / "paper.yml"
    seed.parent.mkdir(parents=True)
    seed.write_text(SOURCE)
    config = folder / "rasd.toml"
    config.write_text(f'archive = "sqlite:///{folder}/a.sqlite"\nseeds = "{folder}/seeds"\n')
    ran = subprocess.run(
        [sys.executable, "-m", "tests.broken_hooks", str(config)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")  # a start that goes well warns of nothing
    said: dict[str, str] = json.loads(ran.stdout.splitlines()[-1])
    return said


@pytest.mark.parametrize("broken", BREAKS)
def test_a_start_names_the_hook_that_is_gone(starts: dict[str, str], broken: str) -> None:
    """Each break stands for a version that moved what we hook into; unbroken, the start succeeds."""
    hook, _ = BREAKS[broken]
    if broken not in starts:
        absent("browser", "scrapy-playwright is not installed")
    if not hook:
        assert starts[broken] == ""
    else:
        assert f"hook {hook!r} does not work with scrapy " in starts[broken]
        assert "requirements.lock" in starts[broken]
