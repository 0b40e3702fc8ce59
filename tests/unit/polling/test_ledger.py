"""On which hosts a source publishes, and whose an address is."""

from __future__ import annotations

import pytest

from crawler.model import Feed
from crawler.polling import steps
from crawler.polling.ledger import host_of, published_hosts
from tests.builders import a_source
from tests.unit.polling.driver import World, a_poll, a_window, an_answer, fetched, of_type

ARABIC = a_source(
    slug="ar", home="http://ar.le-quai.ma/", feeds=(Feed(url="http://ar.le-quai.ma/feed"),)
)
FRENCH = a_source(
    slug="fr", home="https://www.le-quai.ma/", feeds=(Feed(url="https://www.le-quai.ma/feed"),)
)


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://www.le-quai.ma/a?b", "le-quai.ma"),
        ("http://m.le-quai.ma?b", "le-quai.ma"),
        ("http://le-quai.ma:8080/", "le-quai.ma:8080"),
        ("le-quai.ma", "le-quai.ma"),
        ("http://ar.le-quai.ma/", "ar.le-quai.ma"),
    ],
)
def test_a_host_is_named_without_what_makes_no_difference(address: str, host: str) -> None:
    """As addresses are compared: another port is another host."""
    assert host_of(address) == host


def test_a_source_publishes_on_its_home_and_where_it_says() -> None:
    """Not where its feed stands: that may be at a service that serves many."""
    source = a_source(home="http://le-quai.ma/", hosts=("presse.example",))
    assert published_hosts([source, ARABIC]) == {"le-quai.ma", "presse.example", "ar.le-quai.ma"}


def test_what_stands_on_another_sources_host_is_left_to_it() -> None:
    """Two editions share a registrable domain: each reads its own stories, and those on hosts that
    belong to no other source."""
    others = published_hosts([ARABIC, FRENCH])
    poll = a_poll(source=ARABIC, others=others)
    window = a_window("http://ar.le-quai.ma/1", "http://le-quai.ma/2", "http://sport.le-quai.ma/3")
    done = World(window=window).run(poll.received(an_answer()))
    assert fetched(done) == ["http://ar.le-quai.ma/1", "http://sport.le-quai.ma/3"]
    ((sighting, cause),) = of_type(steps.RejectSightings, done)[0].rejected
    assert (sighting.url, cause.reason) == ("http://le-quai.ma/2", "offsite")
    assert cause.detail == "le-quai.ma is another source's"


def test_a_host_that_two_sources_share_is_each_ones() -> None:
    """Editions that differ by path only."""
    home = "http://le-quai.ma/ar/"
    mine = a_source(home=home, feeds=(Feed(url="http://le-quai.ma/ar/feed"),))
    poll = a_poll(source=mine, others=published_hosts([mine, FRENCH]))
    window = a_window("http://le-quai.ma/fr/1")
    assert len(fetched(World(window=window).run(poll.received(an_answer())))) == 1
