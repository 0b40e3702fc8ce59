"""The settings a running crawler really has: an override of any of these fails here."""

from __future__ import annotations

import pytest
from scrapy.crawler import AsyncCrawlerRunner
from scrapy.settings import Settings

EXPECTED = {
    "DOWNLOAD_VERIFY_CERTIFICATES": True,  # M1
    "TELNETCONSOLE_ENABLED": False,  # M2
    "REMOTE_CONTROL_ENABLED": False,  # M2
    "TWISTED_DNS_RESOLVER": "crawler.netguard.GuardedResolver",  # M5
    "HTTPPROXY_ENABLED": False,  # M7
    "REDIRECT_MAX_TIMES": 5,
    "METAREFRESH_ENABLED": False,
    "COOKIES_ENABLED": False,
    "REFERER_ENABLED": False,
    "RETRY_TIMES": 1,
    "ROBOTSTXT_OBEY": True,
    "DOWNLOAD_MAXSIZE": 8 * 1024 * 1024,  # M10
    "DOWNLOAD_TIMEOUT": 30,  # M10
    "HTTPCACHE_ENABLED": False,
    "JOBDIR": None,
}


@pytest.fixture
def settings() -> Settings:
    """The settings of a crawler as the engine makes it."""
    ours = Settings()
    ours.setmodule("crawler.settings", priority="project")
    return AsyncCrawlerRunner(ours).create_crawler("feed").settings


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_each_setting_is_what_we_decided(name: str, settings: Settings) -> None:
    """Scrapy's defaults are not safe; ours are, until somebody changes this table."""
    assert settings.get(name) == EXPECTED[name]


@pytest.mark.parametrize("scheme", ["file", "data", "ftp", "s3"])
def test_only_http_is_fetched(scheme: str, settings: Settings) -> None:
    """M3: a link in a feed must not read a local file."""
    assert settings.getwithbase("DOWNLOAD_HANDLERS").get(scheme) is None
