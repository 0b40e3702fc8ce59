"""The settings a running crawler really has: an override of any of these fails here."""

from __future__ import annotations

import pytest
from scrapy.crawler import AsyncCrawlerRunner
from scrapy.settings import Settings

EXPECTED = {
    "DOWNLOAD_VERIFY_CERTIFICATES": True,  # M1
    "TELNETCONSOLE_ENABLED": False,  # M2
    "REMOTE_CONTROL_ENABLED": False,  # M2
    "TWISTED_DNS_RESOLVER": "crawler.fetch.ssrf_guard.GuardedResolver",  # M5
    "HTTPPROXY_ENABLED": False,  # M7
    "REDIRECT_MAX_TIMES": 5,
    "METAREFRESH_ENABLED": False,
    "COOKIES_ENABLED": False,
    "REFERER_ENABLED": False,
    "RETRY_TIMES": 1,
    "RETRY_HTTP_CODES": [500, 502, 504, 522, 524],  # M11: not 429, 503
    "REACTOR_THREADPOOL_MAXSIZE": 32,
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


def test_the_middlewares_at_work_are_ours(settings: Settings) -> None:
    """Ours stand in place of Scrapy's for robots, redirects and decompression; no proxy, no meta
    refresh (S10, S15, R2, R9, R22, R23)."""
    at_work = {
        k: v for k, v in settings.getwithbase("DOWNLOADER_MIDDLEWARES").items() if v is not None
    }
    names = {str(k).rpartition(".")[2]: v for k, v in at_work.items()}
    assert {"UrlPolicy", "RetryAfter", "Robots", "Decompression", "Redirects"} <= names.keys()
    assert not names.keys() & {
        "RobotsTxtMiddleware",
        "HttpProxyMiddleware",
        "MetaRefreshMiddleware",
        "RedirectMiddleware",
        "HttpCompressionMiddleware",
    }
    assert names["UrlPolicy"] < names["RetryAfter"] < names["Robots"] < names["Redirects"]


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_web_is_fetched_by_our_handler_alone(scheme: str, settings: Settings) -> None:
    """M7, M9: the guard holds for this handler, and it counts headers."""
    assert (
        settings.getwithbase("DOWNLOAD_HANDLERS")[scheme]
        == "crawler.fetch.http_handler.HttpHandler"
    )


@pytest.mark.parametrize("scheme", ["file", "data", "ftp", "s3"])
def test_only_http_is_fetched(scheme: str, settings: Settings) -> None:
    """M3: a link in a feed must not read a local file."""
    assert settings.getwithbase("DOWNLOAD_HANDLERS").get(scheme) is None
