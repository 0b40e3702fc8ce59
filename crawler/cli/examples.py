"""The example at the end of each verb's help: lines that can be typed as they stand."""

from __future__ import annotations

EXAMPLES: dict[str, tuple[str, ...]] = {
    "archive rebuild-index": ("rasd archive rebuild-index",),
    "backtest": ("rasd backtest draft/topics/water.yml",),
    "backup": ("rasd backup ~/rasd-backups",),
    "config": ("rasd config", "rasd config --check"),
    "digest preview": ("rasd digest preview --html digest.html",),
    "digest send": ("rasd digest send daily",),
    "doctor": ("rasd doctor",),
    "doubtful": ("rasd doubtful",),
    "eval": ("rasd eval labels.jsonl",),
    "explain": ("rasd explain 15 --html why.html",),
    "findings": ("rasd findings",),
    "fit": ("rasd fit my-topic labels.jsonl",),
    "forget": ("rasd forget you@example.org",),
    "gaps": ("rasd gaps",),
    "judge": ('rasd judge 15 no --note "sport"',),
    "mail hold": ('rasd mail hold "the server moves"',),
    "mail release": ("rasd mail release",),
    "match": ("rasd match --jsonl texts.jsonl",),
    "outbox drop": ("rasd outbox drop 7",),
    "outbox list": ("rasd outbox list",),
    "outbox retry": ("rasd outbox retry --all",),
    "poll": ("rasd poll my-paper",),
    "quarantine": ("rasd quarantine",),
    "rematch": ("rasd rematch",),
    "reread": ("rasd reread --source my-paper --since 7d",),
    "restore": ("rasd restore ~/rasd-backups/rasd-20261124T023000Z",),
    "run": ("rasd run", "rasd --config /etc/rasd/rasd.toml run"),
    "saved check": ("rasd saved check",),
    "saved estimate": ("rasd saved estimate 'concept:police NEAR/12 concept:water'",),
    "saved list": ("rasd saved list",),
    "saved remove": ("rasd saved remove dams",),
    "saved save": ("rasd saved save dams 'barrage OR dam OR سد' --title 'fr: barrages'",),
    "saved show": ("rasd saved show dams",),
    "search": (
        "rasd search 'barrage OR dam OR سد' --since 7d",
        "rasd search 'concept:police NEAR/12 concept:water' --label policy",
    ),
    "seeds check": ("rasd seeds check", "rasd seeds check draft"),
    "show": ("rasd show 15",),
    "sources discover": ("rasd sources discover https://paper.example/ > draft.yml",),
    "sources export": ("rasd sources export feeds.opml",),
    "sources import": ("rasd sources import feeds.opml --into seeds",),
    "sources list": ("rasd sources list --country FR",),
    "sources probe": ("rasd sources probe my-paper",),
    "sources show": ("rasd sources show my-paper",),
    "status": ("rasd status", "rasd status --check"),
    "story": ("rasd story s12", "rasd story 15"),
    "subscribe": ("rasd subscribe daily you@example.org", "rasd subscribe daily ~/Mail/rasd"),
    "subscriptions": ("rasd subscriptions",),
    "term": ('rasd term "وزير المالية"',),
    "topic new": (
        'rasd topic new "Dams of the north" examples.jsonl',
        "rasd topic new Dams --search 'barrage OR dam OR سد'",
    ),
    "try": (
        "rasd try https://paper.example/news/1.html",
        "rasd try https://paper.example/news/1.html --save seeds/pages",
        "rasd try --check seeds/pages",
    ),
    "unsubscribe": ("rasd unsubscribe daily you@example.org",),
}
"""Verb, with its group → lines. Sorted."""


def shown(verb: str) -> str:
    """The examples of a verb as the last paragraph of its help; "" if it has none."""
    lines = EXAMPLES.get(verb, ())
    kept_lines = "\b"  # for click: these lines are not wrapped
    return "\n".join((kept_lines, "Example:", *(f"  {line}" for line in lines))) if lines else ""
