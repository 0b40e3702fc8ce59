"""The settings of the ``scrapy`` command: those of every crawl, and what its users expect beside.

The daemon's crawls have ``crawler.settings`` alone: none of what follows costs them anything. A
project of your own begins with ``from crawler.project.settings import *``.
"""

from crawler import settings as every_crawl
from crawler.settings import *  # noqa: F403  # a settings module is the names that it has

COMMANDS_MODULE = "crawler.project.commands"

# What `crawl` says
LOG_LEVEL = "INFO"
LOG_FORMATTER = "crawler.project.crawl_log.LogFormatter"
STATS_CLASS = "crawler.project.crawl_log.StatsCollector"
STATS_DUMP = True
LOG_VERSIONS: list[str] = []  # scrapy version -v
DOWNLOADER_MIDDLEWARES = every_crawl.DOWNLOADER_MIDDLEWARES | {
    "crawler.project.middlewares.OfSource": 40,  # before the URL policy, which needs the source
    "scrapy.downloadermiddlewares.stats.DownloaderStats": 850,
}

# What it can be told: -o, CLOSESPIDER_…, MEMUSAGE_…; no telnet console and no remote control, which
# run code, and no throttle, which would undo a crawl-delay of robots.txt
EXTENSIONS_BASE = {
    "scrapy.extensions.corestats.CoreStats": 0,
    "scrapy.extensions.logcount.LogCount": 0,
    "scrapy.extensions.memusage.MemoryUsage": 0,
    "scrapy.extensions.memdebug.MemoryDebugger": 0,
    "scrapy.extensions.closespider.CloseSpider": 0,
    "scrapy.extensions.feedexport.FeedExporter": 0,
    "scrapy.extensions.logstats.LogStats": 0,
}

# What it gives: one item, an ArticleRecord
ITEM_PIPELINES = every_crawl.ITEM_PIPELINES | {"crawler.project.items.Export": 300}
FEED_EXPORT_ENCODING = "utf-8"
FEED_EXPORTERS = {
    "json": "crawler.project.exporters.JsonExporter",
    "jsonlines": "crawler.project.exporters.JsonLinesExporter",
    "jsonl": "crawler.project.exporters.JsonLinesExporter",
    "jl": "crawler.project.exporters.JsonLinesExporter",
    "csv": "crawler.project.exporters.CsvExporter",
    "xml": "crawler.project.exporters.XmlExporter",
    "marshal": "crawler.project.exporters.MarshalExporter",
    "pickle": "crawler.project.exporters.PickleExporter",
}
