"""Scrapy's settings, each with its reason; M and S numbers are facts and threats we measured.

Scrapy's defaults are made for scrapers that their author watches. This runs alone, for months,
on what strangers send. The configuration's own values come on top (``app.crawl_settings``).
"""

from crawler import __version__

BOT_NAME = "rasd"
SPIDER_MODULES = ["crawler.spiders"]
TWISTED_REACTOR = (
    "twisted.internet.asyncioreactor.AsyncioSelectorReactor"  # shared with APScheduler
)
USER_AGENT = f"rasd/{__version__} (press watch; no contact configured)"

# Who may be talked to
TWISTED_DNS_RESOLVER = (
    "crawler.fetch.ssrf_guard.GuardedResolver"  # M4, M5: no private address, ever
)
RASD_NETWORK_ALLOW: list[str] = []
RASD_NETWORK_HOSTS: dict[str, str] = {}
RASD_BROWSER = ""  # a Chromium for feeds that say render; "": the first on the PATH
RASD_NETWORK_PORTS: list[int] = []  # beyond 80 and 443: what sources name in their own addresses
DOWNLOAD_VERIFY_CERTIFICATES = True  # M1: the default accepts any certificate
DOWNLOAD_HANDLERS = {
    # M7, M9: the guard holds for this one only, and it counts headers
    "http": "crawler.fetch.http_handler.HttpHandler",
    "https": "crawler.fetch.http_handler.HttpHandler",
    "file": None,  # M3: a feed could ask for these
    "data": None,
    "ftp": None,
    "s3": None,
    # in-process; no site can name such an address
    "canary": "crawler.fetch.canary_handler.CanaryHandler",
}
HTTPPROXY_ENABLED = False  # M7, S15: a proxy from the environment would go round the guard
REDIRECT_MAX_TIMES = 5  # R9
METAREFRESH_ENABLED = False  # S10; ours is Refresh
COOKIES_ENABLED = False  # one is kept for the length of a redirect chain: see Redirects
DEFAULT_REQUEST_HEADERS = {  # without Scrapy's "Accept-Language: en": see Languages
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
}
REFERER_ENABLED = False  # what we read is nobody's business
TELNETCONSOLE_ENABLED = False  # M2: runs code
REMOTE_CONTROL_ENABLED = False  # M2: runs code
DOWNLOADER_MIDDLEWARES = {
    "crawler.fetch.middlewares.url_policy.UrlPolicy": 50,
    "crawler.fetch.middlewares.budget.BudgetGate": 55,
    "crawler.fetch.middlewares.retry_after.RetryAfter": 60,
    "crawler.fetch.middlewares.languages.Languages": 70,
    "crawler.fetch.middlewares.robots.Robots": 100,
    "crawler.fetch.middlewares.refresh.Refresh": 580,
    "crawler.fetch.middlewares.decompression.Decompression": 590,
    # after every gate; only for feeds that say render
    "crawler.fetch.middlewares.javascript.Javascript": 700,
    "crawler.fetch.middlewares.redirects.Redirects": 600,
    # ours is RFC 9309's (R22, R23)
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": None,
    # What follows would do nothing here, a little of it for every request and every answer.
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,  # no source has a password
    # HostPolicy knows whose site it is
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "scrapy.downloadermiddlewares.stats.DownloaderStats": None,
    "scrapy.downloadermiddlewares.httpcache.HttpCacheMiddleware": None,
}
SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,  # spiders count places themselves
    # spiders judge statuses themselves
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,
    "scrapy.spidermiddlewares.referer.RefererMiddleware": None,
    # urls.clean refuses what is too long
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
}
STATS_CLASS = "scrapy.statscollectors.DummyStatsCollector"  # what is counted stands in the ledger

# How politely
ROBOTSTXT_OBEY = False  # Scrapy's own middleware, that is; crawler.robots cannot be switched off
DOWNLOAD_DELAY = 1.0  # seconds between two requests to one host
DOWNLOAD_SLOTS: dict[str, dict[str, float]] = {}  # by host: a source's own delay
CONCURRENT_REQUESTS = 32
CONCURRENT_REQUESTS_PER_DOMAIN = 1
CONCURRENT_ITEMS = 8  # of one response; Scrapy starts so many tasks for each (the default is 100)
SCRAPER_SLOT_MAX_ACTIVE_SIZE = (
    16_000_000  # bytes being read and written; with 5 MB a dozen pages are, and workers wait
)
RETRY_TIMES = 1  # within a poll; beyond it, the next poll tries again (M10: cost = timeout × tries)
RETRY_HTTP_CODES = [500, 502, 504, 522, 524]  # not 429 and 503: who asks for time gets it (M11)
# no time-outs (R5, R6) and nothing that we ended ourselves: once is dear enough
RETRY_EXCEPTIONS = [
    "scrapy.exceptions.DownloadConnectionRefusedError",
    "scrapy.exceptions.ResponseDataLossError",
    "twisted.internet.error.ConnectionDone",
    "twisted.internet.error.ConnectionLost",
]

# How much
DOWNLOAD_TIMEOUT = 30  # seconds for a whole response (M10: 180)
DOWNLOAD_MAXSIZE = 8 * 1024 * 1024  # bytes, unpacked; the largest real article page seen has 3 MB
DOWNLOAD_WARNSIZE = 0
DNS_TIMEOUT = 15
RASD_BUDGET = {
    "requests": 400,
    "bytes": 100_000_000,
    "seconds": 600,
}  # R8: of one source in a crawl
REACTOR_THREADPOOL_MAXSIZE = (
    32  # names are looked up in threads: slow name servers must not fill them
)
MEMUSAGE_ENABLED = False  # it would end the process; the daemon's limits are its service manager's

# What is said, and to whom
LOG_LEVEL = "WARNING"
LOG_ENABLED = True
STATS_DUMP = False
HTTPCACHE_ENABLED = False
AUTOTHROTTLE_ENABLED = False

# None of Scrapy's own: what they count and guard is done elsewhere, and one that is switched off is
# imported all the same, with libraries that the process keeps (remote control: aiohttp, 5 MB).
EXTENSIONS_BASE: dict[str, int] = {}
EXTENSIONS = {"crawler.engine.attach.Attach": 0}
ITEM_PIPELINES = {"crawler.pipelines.Read": 100, "crawler.pipelines.Keep": 200}
