"""``rasd doctor``: measures the installation, one thing after the other, and changes nothing.

``installation`` looks at the configuration, the seeds and the machine, ``archive`` at the archive
and what it knows, ``mail`` at the ways out, ``reading`` at the network guard and the workers.
``monitoring.doctor`` judges what they measure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from crawler.config import Config
from crawler.doctor import archive, installation, mail, reading
from crawler.monitoring.doctor import Check, fail

Measure = Callable[[], Check | Iterator[Check]]


def examine(chosen: Config, now: Callable[[], datetime], *, thorough: bool) -> Iterator[Check]:
    """Every check, as soon as it is done; what breaks while it is measured has failed.

    ``thorough``: read the whole archive, however large it is.
    """
    found = installation.Seeds(chosen.seeds)
    place = archive.Place(chosen, thorough=thorough)
    measures: dict[str, Measure] = {
        "configuration": lambda: installation.configuration(chosen, found),
        "seeds": lambda: installation.seeds(found),
        "versions": installation.versions,
        "archive": lambda: archive.checks(place, now()),
        "clock": lambda: installation.clock(now(), place.offsets()),
        "time zones": lambda: installation.zones(found.loaded, now()),
        "office-holders": lambda: installation.office_holders(found, now()),
        "browser": lambda: installation.browser(chosen, found.loaded),
        "mail server": lambda: mail.server(chosen, now()),
        "mail folders": lambda: mail.folders(chosen, found.loaded, place.subscriptions()),
        "network guard": lambda: reading.checks(chosen, now),
    }
    for name, measure in measures.items():
        try:
            answer = measure()
            yield from [answer] if isinstance(answer, Check) else answer
        except Exception as fault:  # one that can't be measured must not hide the others
            text = f"{type(fault).__name__}: {' '.join(str(fault).split())}"
            yield fail(name, text, "this could not be measured; report it if it isn't the machine")
