"""``rasd doctor``: a real installation is examined, and left as it is."""

from __future__ import annotations

import asyncio
import json
import zoneinfo
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from crawler import app as apps
from crawler import doctor
from crawler.channels.smtp import Greeting
from crawler.config import Config, load
from crawler.doctor import archive, installation, mail, reading
from crawler.engine.embedded import Engine
from crawler.errors import GuardError
from crawler.monitoring import canary
from crawler.monitoring.doctor import Check
from storage.archive import SqlArchive, open_archive
from storage.summary import SqlSummary
from tests import engine, forks
from tests.builders import NOW
from tests.integration.test_outbox import keep
from tests.integration.test_service import config  # noqa: F401  a fixture
from tests.integration.test_smtp import channel
from tests.site.mail_server import STALL, MailServer, logins

GUARD = "a request to this machine was refused, as it must be"


def examined(config: Path, *words: str, code: int = 0) -> dict[str, dict[str, Any]]:  # noqa: F811
    """``rasd doctor --json``: each check by its name."""
    done = forks.run(["--config", str(config), "doctor", "--json", *words], cwd=config.parent)
    assert done.returncode == code, (done.stdout, done.stderr)
    assert done.stderr == ""
    return {check["name"]: check for check in json.loads(done.stdout)["checks"]}


def content(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Every file below this folder: its mode and its bytes."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path): (path.stat().st_mode, path.read_bytes()) for path in files}


def test_before_the_first_start_all_can_be_examined(config: Path) -> None:  # noqa: F811
    """There is no archive yet, which is no failure; none is made."""
    before = content(config.parent)
    checks = examined(config)
    assert checks["archive"]["outcome"] == "warn" and "none yet" in checks["archive"]["found"]
    assert checks["network guard"]["found"] == GUARD
    assert "read a page and flagged it" in checks["workers"]["found"]
    assert checks["seeds"]["found"] == "1 sources, 0 topics, 0 concepts, 0 digests"
    assert "SQLite" in checks["versions"]["found"] and "libxml2" in checks["versions"]["found"]
    assert content(config.parent) == before


def test_an_installation_at_work_is_examined_and_left_as_it_is(config: Path) -> None:  # noqa: F811
    """What the archive knows is judged; not a byte and not a mode of it changes."""
    engine.poll(config)
    file = config.parent / "rasd.sqlite"
    file.chmod(0o644)
    before = content(config.parent)
    checks = examined(config)
    assert content(config.parent) == before
    assert checks["file modes"]["found"] == f"open to everybody: {file} (644)"
    assert checks["archive"]["outcome"] == checks["integrity"]["outcome"] == "ok"
    assert checks["backups"]["found"] == "none was ever made"
    assert checks["saved searches"]["found"].startswith("never checked")
    assert checks["daemon"]["found"] == "none was ever at work"
    assert checks["network"]["found"] == "no source was ever polled with success"
    text = forks.run(["--config", str(config), "doctor"], cwd=config.parent).stdout
    assert "warn  file modes      open to everybody" in text
    assert "→ rasd backup FOLDER, daily" in text
    assert text.splitlines()[-1].startswith("0 failed, ")


def test_what_is_broken_fails_with_advice_and_hides_nothing(config: Path) -> None:  # noqa: F811
    """A seed with a slip, a browser that is none, a file of something else."""
    source = config.parent / "seeds/sources/zz/nowhere.yml"
    source.write_text(source.read_text() + "colour: red\n")
    (config.parent / "rasd.sqlite").write_bytes(b"GIF89a" * 500)
    with config.open("a") as opened:
        opened.write('[crawl]\nbrowser = "no-such-browser"\n')
    checks = examined(config, code=1)
    assert "nowhere.yml:8: unknown key 'colour'" in checks["seeds"]["found"]
    assert checks["configuration"]["found"].endswith("'no-such-browser' is no program")
    assert "not a database" in checks["archive"]["found"]
    failed = {name for name, check in checks.items() if check["outcome"] == "fail"}
    assert failed == {"seeds", "configuration", "archive"}
    assert all(checks[name]["advice"] for name in failed)
    assert checks["network guard"]["outcome"] == "ok"


def test_a_configuration_that_cannot_be_read_is_the_only_check(config: Path) -> None:  # noqa: F811
    """There is nothing to examine by; the exit code is that of a failure."""
    config.write_text("archiv = 3\n")
    checks = examined(config, code=1)
    assert list(checks) == ["configuration"]
    assert "archiv: unknown key" in checks["configuration"]["found"]


def test_a_check_that_breaks_has_failed_and_the_others_go_on(
    config: Path,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A machine without a program, a library that changed: one line."""
    monkeypatch.setattr(installation, "versions", lambda: 1 / 0)
    monkeypatch.setattr("crawler.doctor.reading.checks", lambda *of: iter(()))
    found = {check.name: check for check in doctor.examine(load(config), apps.now, thorough=False)}
    assert found["versions"].outcome == "fail" and "ZeroDivisionError" in found["versions"].found
    assert found["time zones"].outcome in ("ok", "warn")


def test_a_guard_that_lets_through_and_workers_that_read_nothing_fail(
    config: Path,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The daemon would not start, or would store pages unread."""

    async def open_door(self: Engine) -> None:
        raise GuardError("asked for http://127.0.0.1:9/ and was answered")

    with engine.running(config) as daemon:
        good = engine.run(reading._guard(daemon.app))
        monkeypatch.setattr(Engine, "prove_guard", open_door)
        bad = engine.run(reading._guard(daemon.app))
        daemon.app.reader.stop()
        dead = engine.run(reading._workers(daemon.app, NOW))
    assert (good.outcome, bad.outcome, dead.outcome) == ("ok", "fail", "fail")
    assert "was answered" in bad.found and "could not be read" in dead.found


# ── mail ──────────────────────────────────────────────────────────────────────────────────────


def greeted(server: MailServer, **settings: Any) -> Greeting:
    """How this server takes us."""
    return asyncio.run(channel(server, **settings).greet())


def test_a_login_without_a_password_is_told_from_a_wrong_one() -> None:
    """The password may be in an environment that the service alone has."""
    with MailServer(**logins("right")) as server:
        smtp = {"host": "127.0.0.1", "port": server.port, "security": "none"}
        smtp |= {"sender": "rasd@example.org", "username": "rasd"}
        for password, hinted in (("", True), ("wrong", False)):
            chosen = Config.model_validate({"smtp": smtp | {"password": password}})
            check = mail.server(chosen, NOW)
            assert check.outcome == "fail" and ": login: 535 5.7.8 " in check.found
            assert ("no password is set here" in check.found) is hinted
            assert ("smtp.password_file" in check.advice) is hinted


def test_a_mail_server_is_greeted_and_gets_no_mail() -> None:
    """Up to the login; each refusal names its step."""
    with MailServer(**logins("right")) as server:
        assert greeted(server, username="rasd", password="right") == Greeting(step="reset")
        wrong = greeted(server, username="rasd", password="wrong")
        assert wrong.step == "login" and wrong.refused.startswith("535 5.7.8 ")
        assert "wrong" not in wrong.refused
        clear = greeted(server, security="starttls")
        assert clear.step == "connect" and "STARTTLS" in clear.refused
        assert server.seen == [] and server.mails == []
    with MailServer({"hello": STALL}) as server:
        assert greeted(server, timeout_seconds=0.5).step == "connect"
    assert greeted(server).step == "connect"  # it is down


def test_the_mail_server_is_judged_by_its_greeting(
    config: Path,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """None is well; one that can't be reached fails; a certificate that ends soon, and a server
    elsewhere without TLS, are warnings."""
    assert mail.server(load(config), NOW).outcome == "ok"
    with MailServer() as server, config.open("a") as opened:
        opened.write(
            f'[smtp]\nhost = "127.0.0.1"\nport = {server.port}\nsecurity = "none"\n'
            'sender = "rasd@rasd.test"\n'
        )
        opened.flush()
        check = mail.server(load(config), NOW)
        assert check.outcome == "ok" and check.found.endswith(", without a login")
    assert mail.server(load(config), NOW).outcome == "fail"
    chosen = load(config)

    def judged(security: str, host: str, greeting: Greeting) -> Check:
        async def greet(self: object) -> Greeting:
            return greeting

        monkeypatch.setattr("crawler.channels.smtp.SmtpChannel.greet", greet)
        smtp = chosen.smtp.model_copy(update={"security": security, "host": host})
        return mail.server(chosen.model_copy(update={"smtp": smtp}), NOW)

    soon = Greeting(step="reset", expires_at=NOW + timedelta(days=3))
    assert judged("starttls", "mail.test", soon).outcome == "warn"
    late = replace(soon, expires_at=NOW + timedelta(days=80))
    assert judged("tls", "mail.test", late).outcome == "ok"
    assert "unencrypted" in judged("none", "mail.test", Greeting(step="reset")).advice


def test_mail_folders_are_looked_at_and_none_is_made(config: Path, tmp_path: Path) -> None:  # noqa: F811
    """Those of the configuration and those that subscribed."""
    (tmp_path / "file").touch()
    found = installation.Seeds(load(config).seeds)
    stored = [("maildir", str(tmp_path / "box")), ("smtp", "a@x.test")]
    assert mail.folders(load(config), found.loaded, stored).found == "1, all can be written"
    bad = mail.folders(load(config), found.loaded, [("maildir", str(tmp_path / "file/box"))])
    assert bad.outcome == "fail" and "is no folder" in bad.found
    assert not (tmp_path / "box").exists()


# ── time, archive ─────────────────────────────────────────────────────────────────────────────


def test_tables_of_a_zone_are_compared_day_by_day() -> None:
    """The first day on which they differ; a zone and itself never do."""
    paris, tunis = zoneinfo.ZoneInfo("Europe/Paris"), zoneinfo.ZoneInfo("Africa/Tunis")
    now = datetime(2026, 1, 5, tzinfo=UTC)
    first = installation._first_difference(paris, tunis, now)
    assert first is not None and first.isoformat() == "2026-03-29"
    assert installation._first_difference(paris, paris, now) is None
    assert installation._packaged("Europe/Paris") is not None
    assert installation._packaged("Mars/Base") is None


def test_the_clock_is_held_against_the_dates_of_answers(archive_url: str) -> None:
    """On both databases; a date that is none, or no date, counts for nothing."""
    opened: SqlArchive = open_archive(archive_url)
    for name in ("a", "b", "c"):
        keep(opened, name, NOW)
    dates = [format_datetime(NOW - timedelta(minutes=5), usegmt=True), "yesterday", None]
    with opened.engine.begin() as c:
        ids = c.execute(sa.text("SELECT sighting_id FROM snapshots ORDER BY 1")).scalars().all()
        for number, said in zip(ids, dates, strict=True):
            headers = json.dumps([["date", said], ["x", "y"]] if said else [["x", "y"]])
            kind = ":h" if archive_url.startswith("sqlite") else "CAST(:h AS JSON)"
            statement = f"UPDATE snapshots SET headers = {kind} WHERE sighting_id = :n"
            c.execute(sa.text(statement), {"h": headers, "n": number})
    answers = SqlSummary(opened.engine, without=canary.SLUG).dated_answers(10)
    opened.close()
    assert sorted(said for _, said in answers) == [dates[0], "yesterday"]
    place = archive.Place(load(None).model_copy(update={"archive": archive_url}), thorough=False)
    (offset,) = place.offsets()
    assert abs(offset) == timedelta(minutes=5)
