"""Seed files as small as they can be: a few words show how a topic's answers look."""

from __future__ import annotations

FILES = {
    "sources/ma/une.yml": """
name: La Une
home: "https://une.test/"
country: MA
languages: [fr]
timezone: UTC
feeds:
  - {url: "https://une.test/feed", kind: feed, every: 30m}
  - {url: "https://une.test/map.xml", kind: sitemap, every: 1h}
""",
    "sources/iq/nahr.yml": """
name: Nahr
home: "https://nahr.test/"
country: IQ
languages: [ar]
timezone: UTC
feeds:
  - {url: "https://nahr.test/feed", kind: feed, every: 30m}
""",
    "lexicon/river.yml": "title: {en: rivers}\nterms: {en: [river], ar: [نهر]}\ntraps: {en: [river bank]}\n",
    "lexicon/flood.yml": "title: {en: floods}\nterms: {en: [flood], ar: [فيضان]}\ntraps: {en: [deluge]}\n",
    "queries/high-water.yml": "title: {en: high water}\nquery: concept:river AND concept:flood\n",
    "topics/water.yml": """
title: {ar: المياه, en: Water}
labels:
  rivers:
    title: {ar: أنهار, en: Rivers}
    rule: concept:river
  floods:
    title: {ar: فيضانات, en: Floods}
    needs: rivers
    rule: "@high-water"
matches:
  - {text: "فاض نهر المدينة بعد فيضان كبير.", labels: [rivers, floods]}
  - {text: "The river is low.", labels: [rivers]}
misses:
  - {text: "The weather is fine."}
""",
    "digests/daily.yml": """
title: {en: Water}
topics: [water]
languages: [en]
hour: "07:30"
timezone: UTC
when_empty: line
max_events: 12
""",
}
