"""Which settings of a user stand under ``scrapy crawl``, and why the others are refused.

What a user sets with ``-s``, in a spider's ``custom_settings`` or in a settings module of their own
wins over ours, unless it would open a hole, be rude to a site, or do nothing here. Then it is
refused by its name, with the reason and the right way: a crawl that ignored it would surprise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings

CONFIGURED = 25  # priority of rasd.toml: above a settings module (20), below a spider's own (30)
_Judge = Callable[[Any, Any], bool]  # whether the user's value stands beside ours


def _same(theirs: Any, ours: Any) -> bool:
    return bool(theirs == ours)


def _not_less(theirs: Any, ours: Any) -> bool:
    return bool(theirs >= ours)


def _not_more(theirs: Any, ours: Any) -> bool:
    return bool(theirs <= ours)


def _no_more_and_not_unlimited(theirs: Any, ours: Any) -> bool:
    return bool(0 < theirs <= ours)


_GUARD = "the network guard would be passed by"
_CODE = "it lets others run code in this process"
_TOML = "set {} in rasd.toml"
RULES: Mapping[str, tuple[_Judge, str]] = {
    # ── holes ──
    "DOWNLOAD_VERIFY_CERTIFICATES": (
        _same,
        "a page could be anybody's; rasd findings names sources whose certificate is broken",
    ),
    "TWISTED_DNS_RESOLVER": (_same, f"{_GUARD}; {_TOML.format('[network.hosts]')}"),
    "TWISTED_REACTOR": (_same, _GUARD),
    "TWISTED_REACTOR_ENABLED": (_same, _GUARD),
    "DOWNLOADER": (_same, _GUARD),
    "DOWNLOADER_CLIENTCONTEXTFACTORY": (_same, "it decides which certificates are believed"),
    "HTTPPROXY_ENABLED": (_same, f"{_GUARD}: a proxy connects for us"),
    "TELNETCONSOLE_ENABLED": (_same, _CODE),
    "REMOTE_CONTROL_ENABLED": (_same, _CODE),
    "RASD_NETWORK_ALLOW": (_same, _TOML.format("network.allow")),
    "RASD_NETWORK_HOSTS": (_same, _TOML.format("[network.hosts]")),
    "RASD_NETWORK_PORTS": (_same, "name the port in a source's addresses"),
    "RASD_BROWSER": (_same, _TOML.format("crawl.browser")),
    "RASD_BUDGET": (_same, _TOML.format("crawl.budget_requests, _bytes and _seconds")),
    "DOWNLOAD_MAXSIZE": (_no_more_and_not_unlimited, "it can only be lowered: memory is finite"),
    "DOWNLOAD_TIMEOUT": (
        _not_more,
        f"it can only be lowered; {_TOML.format('crawl.timeout_seconds')}",
    ),
    "REDIRECT_MAX_TIMES": (_not_more, "it can only be lowered"),
    # ── manners ──
    "USER_AGENT": (_same, f"sites must be able to reach you; {_TOML.format('crawl.contact')}"),
    "DOWNLOAD_DELAY": (_not_less, f"it can only be raised; {_TOML.format('crawl.delay_seconds')}"),
    "DOWNLOAD_SLOTS": (_same, "set delay in the source's seed file"),
    "CONCURRENT_REQUESTS_PER_DOMAIN": (_not_more, "a site gets one request at a time"),
    "AUTOTHROTTLE_ENABLED": (
        _same,
        "it would undo a crawl-delay of robots.txt; raise DOWNLOAD_DELAY",
    ),
    "RETRY_TIMES": (_not_more, "it can only be lowered; the next poll tries again"),
    "RETRY_HTTP_CODES": (_same, "a site that asks for time gets it"),
    "RETRY_EXCEPTIONS": (_same, "time-outs are tried again by the next poll"),
    "COOKIES_ENABLED": (_same, "a cookie is kept for a chain of redirects only"),
    "REFERER_ENABLED": (_same, "no site learns what else is read"),
    # ── what would do nothing here ──
    "METAREFRESH_ENABLED": (_same, "crawler.fetch.middlewares.refresh follows them"),
    "HTTPCACHE_ENABLED": (_same, "pages are in the archive: rasd reread"),
    "JOBDIR": (_same, "the archive remembers: what a stop leaves queued is read by the next crawl"),
    "LOG_FORMAT": (_same, _TOML.format("log.format")),
    "LOG_DATEFORMAT": (_same, _TOML.format("log.format")),
}


def refusals(settings: BaseSettings, ours: BaseSettings) -> list[str]:
    """A line for each setting that is refused: its name, its value, the reason; [] if all stand.

    ``settings`` are a crawl's, ``ours`` what they would be without the user's.
    """
    return [*_refused_values(settings, ours), *_refused_components(settings, ours)]


def _refused_values(settings: BaseSettings, ours: BaseSettings) -> Iterator[str]:
    for name, (stands, why) in RULES.items():
        own = ours.get(name)
        try:
            theirs = _as(own, settings, name)
        except ValueError as error:
            yield f"{name} = {settings.get(name)!r} is not understood: {error}"
            continue
        if not stands(theirs, own):
            yield f"{name} = {settings.get(name)!r} is refused: {why}"
    if settings.getpriority("DNS_RESOLVER"):  # deprecated; it wins over TWISTED_DNS_RESOLVER
        yield f"DNS_RESOLVER is refused: {_GUARD}"
    explicit = settings.getpriority("ROBOTSTXT_OBEY") or 0
    if explicit > SETTINGS_PRIORITIES["project"] and not settings.getbool("ROBOTSTXT_OBEY"):
        yield "ROBOTSTXT_OBEY = False is refused: robots.txt is always obeyed"


def _as(own: Any, settings: BaseSettings, name: str) -> Any:
    """The setting's value, read as the type of ours: ``-s`` gives texts."""
    match own:
        case bool():
            return settings.getbool(name)
        case int() | float():
            return settings.getfloat(name)
        case list():
            # the words of a list given as text are texts
            return [type(own[0])(one) if own else one for one in settings.getlist(name)]
        case Mapping():
            return settings.getdict(name)
    return settings.get(name)


def _refused_components(settings: BaseSettings, ours: BaseSettings) -> Iterator[str]:
    if settings.getwithbase("DOWNLOAD_HANDLERS") != ours.getwithbase("DOWNLOAD_HANDLERS"):
        yield f"DOWNLOAD_HANDLERS is refused: {_GUARD} another handler"
    for name in ("EXTENSIONS", "DOWNLOADER_MIDDLEWARES", "ITEM_PIPELINES"):
        theirs = settings.getdict(name)
        for component, order in ours.getdict(name).items():
            if order is not None and theirs.get(component) != order:
                yield f"{name} without {component!r} at {order} is refused: add yours to it"
    last = max(ours.getdict("ITEM_PIPELINES").values(), default=0)
    for component, order in settings.getdict("ITEM_PIPELINES").items():
        if order is not None and order <= last and component not in ours.getdict("ITEM_PIPELINES"):
            yield (
                f"ITEM_PIPELINES[{component!r}] = {order} is refused: what comes before {last + 1} "
                "is a page, not an item"
            )


def keep_delays(settings: BaseSettings) -> None:
    """Have a delay that a user raised hold for sources with one of their own, too."""
    if (settings.getpriority("DOWNLOAD_DELAY") or 0) <= CONFIGURED:
        return
    least = settings.getfloat("DOWNLOAD_DELAY")
    slots = {
        host: slot | {"delay": max(float(slot["delay"]), least)}
        for host, slot in settings.getdict("DOWNLOAD_SLOTS").items()
    }
    settings.set("DOWNLOAD_SLOTS", slots, priority=settings.maxpriority())
