"""A topic's version is stored with every verdict: it changes with the rules, not with our code."""

from __future__ import annotations

from crawler import seeds

TOPIC = """\
title: {en: Dams, ar: سدود}
labels:
  dams:
    title: {en: Dams}
    rule: "(concept:dam NEAR/5 concept:minister) OR title:(\\"great dam\\" dam >= 2) AND NOT lang:fr"
    start: -5
    speaks_for:
      a flood: {points: 8, rule: "@floods"}
    speaks_against:
      a film: {points: -12, rule: cinema}
  leaks:
    title: {en: Leaks}
    rule: "leak SAME SENTENCE concept:dam OR crack SAME PARAGRAPH wall"
    needs: dams
themes: {floods: "@floods"}
enumerations: {of: [dam], at_least: 4}
"""
FILES = {
    "lexicon/dam.yml": "title: {en: dam}\n"
    "terms: {en: [{term: dam, inflect: plural, traps: [dam square]}], ar: [سد]}\n",
    "lexicon/minister.yml": "title: {en: minister}\n"
    "actors:\n"
    "  - {name: Karim El Hadid, role: minister, side: land, valid_from: 2020,\n"
    "     terms: {en: [{term: Karim El Hadid, inflect: name}]}}\n",
    "queries/floods.yml": "title: {en: Floods}\nquery: flood OR after:2020\n",
    "topics/dams.yml": TOPIC,
}


def test_a_version_survives_the_renaming_of_our_classes() -> None:
    """Archives hold such values: another for the same file marks every match as outdated."""
    assert seeds.load(FILES, kinds=["feed"]).topics["dams"].version == "8dc32af4879e"


def test_a_version_changes_with_a_rule() -> None:
    """One word of one saved query is enough."""
    changed = FILES | {"queries/floods.yml": FILES["queries/floods.yml"].replace("flood", "deluge")}
    known, other = (seeds.load(files, kinds=["feed"]).topics["dams"] for files in (FILES, changed))
    assert known.version != other.version
