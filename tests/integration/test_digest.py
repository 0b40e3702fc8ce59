"""The digest's page in a real browser."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.unit.digest.scenes import proven, worded


def test_a_browser_shows_the_mail_from_the_right(chromium: str, tmp_path: Path) -> None:
    """Headless Chromium lays the page out right-to-left, within the window's width."""
    page = tmp_path / "digest.html"
    probe = "<script>document.title=JSON.stringify([getComputedStyle(document.querySelector('h1')).direction,document.documentElement.scrollWidth<=innerWidth,document.querySelectorAll('mark').length])</script></body>"
    page.write_text(worded(proven(), proven(2)).html.replace("</body>", probe), encoding="utf-8")
    done = subprocess.run(
        [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
         f"--user-data-dir={tmp_path}/profile", "--window-size=412,900", "--dump-dom", page.as_uri()],
        capture_output=True, text=True, timeout=300, check=True,
    )  # fmt: skip
    assert '["rtl",true,2]' in done.stdout.replace("&quot;", '"')
