"""Scrapy's settings, each with its reason; M and S numbers are facts and threats we measured.

Scrapy's defaults are made for scrapers that their author watches. This runs alone, for months,
on what strangers send. The configuration's own values come on top (``app.crawl_settings``).
"""

from crawler import __version__

BOT_NAME = "rasd"
SPIDER_MODULES = ["crawler.spiders"]
TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"  # shared with APScheduler
USER_AGENT = f"rasd/{__version__} (press watch; no contact configured)"

# Who may be talked to
TWISTED_DNS_RESOLVER = "crawler.netguard.GuardedResolver"  # M4, M5: no private address, ever
RASD_NETWORK_ALLOW: list[str] = []
RASD_NETWORK_HOSTS: dict[str, str] = {}
DOWNLOAD_VERIFY_CERTIFICATES = True  # M1: the default accepts any certificate
DOWNLOAD_HANDLERS = {"file": None, "data": None, "ftp": None, "s3": None, "canary": "crawler.shaft.Shaft"}  # M3: a feed could ask for them
HTTPPROXY_ENABLED = False  # M7, S15: a proxy from the environment would go round the guard
REDIRECT_MAX_TIMES = 5  # R9
METAREFRESH_ENABLED = False  # S10
COOKIES_ENABLED = False
REFERER_ENABLED = False  # what we read is nobody's business
TELNETCONSOLE_ENABLED = False  # M2: runs code
REMOTE_CONTROL_ENABLED = False  # M2: runs code
DOWNLOADER_MIDDLEWARES = {"crawler.netguard.HostPolicy": 50, "crawler.budgets.BudgetGate": 60}

# How politely
ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = "rasd"
DOWNLOAD_DELAY = 1.0  # seconds between two requests to one host
CONCURRENT_REQUESTS = 32
CONCURRENT_REQUESTS_PER_DOMAIN = 1
CONCURRENT_ITEMS = 8  # of one response; Scrapy starts so many tasks for each (the default is 100)
RETRY_TIMES = 1  # within a poll; beyond it, the next poll tries again (M10: cost = timeout × tries)

# How much
DOWNLOAD_TIMEOUT = 30  # seconds for a whole response (M10: 180)
DOWNLOAD_MAXSIZE = 8 * 1024 * 1024  # bytes, unpacked; the largest real article page seen has 3 MB
DOWNLOAD_WARNSIZE = 0
DNS_TIMEOUT = 15
RASD_BUDGET = {"requests": 400, "bytes": 100_000_000, "seconds": 600}  # R8: of one source in a crawl
DEPTH_LIMIT = 0  # spiders count places themselves, each kind by its own limits
HTTPERROR_ALLOW_ALL = True  # spiders judge statuses themselves: each is a fate
MEMUSAGE_ENABLED = False  # it would end the process; the daemon's limits are its service manager's

# What is said, and to whom
LOG_LEVEL = "WARNING"
LOG_ENABLED = True
STATS_DUMP = False
HTTPCACHE_ENABLED = False
AUTOTHROTTLE_ENABLED = False

EXTENSIONS = {
    "crawler.app.Attach": 0,
    "scrapy.extensions.logstats.LogStats": None,
    "scrapy.extensions.corestats.CoreStats": None,
}
ITEM_PIPELINES = {"crawler.pipelines.Read": 100, "crawler.pipelines.Keep": 200}
