"""Which of a user's settings stand."""

from __future__ import annotations

from typing import Any

import pytest
from scrapy.settings import Settings

from crawler import settings as every_crawl
from crawler.config import Config
from crawler.engine import attach
from crawler.engine.setting_rules import CONFIGURED, RULES, keep_delays, refusals


def settings_of(**theirs: Any) -> Settings:
    """The project's settings, with what a user typed after ``-s``."""
    found = Settings()
    found.setmodule("crawler.project.settings", priority="project")
    for name, value in theirs.items():
        found.set(name, value, priority="cmdline")
    return found


def refused(**theirs: Any) -> list[str]:
    """The lines that refuse these settings."""
    return refusals(settings_of(**theirs), settings_of())


REFUSED = {
    "DOWNLOAD_VERIFY_CERTIFICATES": "False",
    "TWISTED_DNS_RESOLVER": "scrapy.resolver.CachingThreadedResolver",
    "DNS_RESOLVER": "scrapy.resolver.CachingThreadedResolver",
    "TWISTED_REACTOR": "twisted.internet.epollreactor.EPollReactor",
    "TWISTED_REACTOR_ENABLED": "False",
    "DOWNLOADER": "mine.Downloader",
    "DOWNLOADER_CLIENTCONTEXTFACTORY": "mine.Factory",
    "HTTPPROXY_ENABLED": "True",
    "TELNETCONSOLE_ENABLED": "True",
    "REMOTE_CONTROL_ENABLED": "1",
    "RASD_NETWORK_ALLOW": "10.0.0.0/8",
    "RASD_NETWORK_HOSTS": '{"a.test": "10.0.0.1"}',
    "RASD_NETWORK_PORTS": "22",
    "RASD_BROWSER": "/bin/sh",
    "RASD_BUDGET": '{"requests": 1000000}',
    "DOWNLOAD_MAXSIZE": "0",
    "DOWNLOAD_TIMEOUT": "180",
    "REDIRECT_MAX_TIMES": "20",
    "USER_AGENT": "Mozilla/5.0",
    "DOWNLOAD_DELAY": "0",
    "DOWNLOAD_SLOTS": '{"a.test": {"delay": 0}}',
    "CONCURRENT_REQUESTS_PER_DOMAIN": "8",
    "AUTOTHROTTLE_ENABLED": "True",
    "RETRY_TIMES": "5",
    "RETRY_HTTP_CODES": "429,503",
    "RETRY_EXCEPTIONS": "twisted.internet.error.TimeoutError",
    "COOKIES_ENABLED": "True",
    "REFERER_ENABLED": "True",
    "METAREFRESH_ENABLED": "True",
    "HTTPCACHE_ENABLED": "True",
    "JOBDIR": "crawls/a",
    "LOG_FORMAT": "%(message)s",
    "LOG_DATEFORMAT": "%H:%M",
    "ROBOTSTXT_OBEY": "False",
    "DOWNLOAD_HANDLERS": '{"http": "scrapy.core.downloader.handlers.http11.HTTP11DownloadHandler"}',
    "EXTENSIONS": '{"mine.Extension": 1}',
    "DOWNLOADER_MIDDLEWARES": '{"mine.Middleware": 1}',
    "ITEM_PIPELINES": '{"mine.Pipeline": 400}',
}


def test_every_rule_is_tried() -> None:
    """Each has its line below."""
    assert RULES.keys() <= REFUSED.keys()


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_what_opens_a_hole_or_does_nothing_is_refused_by_name(name: str) -> None:
    """As ``-s`` gives it, with a reason; nothing else is complained of."""
    lines = refused(**{name: REFUSED[name]})
    assert lines and all(line.startswith(name) and " is refused: " in line for line in lines)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LOG_LEVEL", "DEBUG"),
        ("LOG_FILE", "crawl.log"),
        ("CLOSESPIDER_ITEMCOUNT", "5"),
        ("CLOSESPIDER_TIMEOUT", "60"),
        ("CONCURRENT_REQUESTS", "4"),
        ("CONCURRENT_REQUESTS_PER_DOMAIN", "1"),
        ("DOWNLOAD_DELAY", "2.5"),
        ("DOWNLOAD_TIMEOUT", "10"),
        ("DOWNLOAD_MAXSIZE", "1000000"),
        ("DOWNLOAD_VERIFY_CERTIFICATES", "True"),
        ("FEED_EXPORT_FIELDS", '["url", "headline"]'),
        ("MEMUSAGE_ENABLED", "True"),
        ("RETRY_ENABLED", "False"),
        ("RETRY_TIMES", "0"),
        ("ROBOTSTXT_OBEY", "True"),
        ("STATS_DUMP", "False"),
    ],
)
def test_all_else_stands(name: str, value: str) -> None:
    """Also the value that holds anyway, and a more careful one."""
    assert refused(**{name: value}) == []


def test_a_number_that_is_none_is_named() -> None:
    """Rather than a traceback of float()."""
    assert refused(DOWNLOAD_DELAY="slow") == [
        "DOWNLOAD_DELAY = 'slow' is not understood: could not convert string to float: 'slow'"
    ]


def test_components_may_be_added_beside_ours() -> None:
    """A pipeline before ours would get pages, not items."""
    ours = settings_of()
    beside = {name: ours.getdict(name) for name in ("ITEM_PIPELINES", "EXTENSIONS")}
    assert not refused(**{name: of | {"mine.Mine": 301} for name, of in beside.items()})
    (line,) = refused(ITEM_PIPELINES=beside["ITEM_PIPELINES"] | {"mine.Mine": 300})
    assert line.startswith("ITEM_PIPELINES['mine.Mine'] = 300 is refused: what comes before 301")


def test_a_raised_delay_holds_for_sources_with_their_own() -> None:
    """And an unchanged one leaves them theirs."""
    slots = {"quick.test": {"delay": 0.5}, "slow.test": {"delay": 9.0}}
    found = settings_of(DOWNLOAD_SLOTS=slots)
    keep_delays(found)
    assert found.getdict("DOWNLOAD_SLOTS") == slots
    found = settings_of(DOWNLOAD_SLOTS=slots, DOWNLOAD_DELAY="3")
    keep_delays(found)
    assert found.getdict("DOWNLOAD_SLOTS")["quick.test"] == {"delay": 3.0}
    assert found.getdict("DOWNLOAD_SLOTS")["slow.test"] == {"delay": 9.0}


def test_the_configurations_defaults_are_the_settings_defaults() -> None:
    """What rasd.toml does not say is left to a user's settings module: so the two must agree."""
    for name, value in attach.crawl_settings(Config(), {}).items():
        assert getattr(every_crawl, name) == value, name


def test_rasd_toml_stands_between_a_settings_module_and_the_command_line() -> None:
    """A spider's own settings win over it, too."""
    config = Config.model_validate({"crawl": {"delay_seconds": 4.0}})
    module, typed = settings_of(), settings_of(DOWNLOAD_DELAY="5")
    module.set("DOWNLOAD_TIMEOUT", 7, priority="project")
    attach.configure(module, config, {})
    attach.configure(typed, config, {})
    assert module.getfloat("DOWNLOAD_DELAY") == 4.0 and module.getint("DOWNLOAD_TIMEOUT") == 7
    assert typed.getfloat("DOWNLOAD_DELAY") == 5.0
    assert module.getpriority("DOWNLOAD_DELAY") == CONFIGURED
