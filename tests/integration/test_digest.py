"""The digest: chosen, ordered, proven, worded, delivered."""

from __future__ import annotations

import asyncio
import email
import mailbox
import socket
import subprocess
from dataclasses import replace
from datetime import time, timedelta
from email import policy
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from crawler.channels import as_email
from crawler.channels.maildir import MaildirChannel
from crawler.channels.smtp import SmtpChannel
from crawler.digest import composition, records, rendering, wording
from crawler.matching.topics import Concept, Label, Topic
from crawler.model import ArchivedArticle, Match, Mention, Message, SourceHealth
from crawler.query import Word, parse
from crawler.seeds.digests import DigestRecipe
from crawler.stories import fingerprint
from crawler.stories.copies import group
from tests.builders import NOW, a_match, a_source, kept

TITLE = {"ar": "الماء", "fr": "Eau", "en": "Water"}
TOPIC = Topic(
    slug="water", title=TITLE, version="v1",
    labels={n: Label(name=n, title={"ar": t, "en": n}, rule=Word("x")) for n, t in (("general", "عام"), ("special", "خاص"))},
    concepts={"dam": Concept(name="dam", title={"ar": "سد", "en": "dam"}, terms=())},
)  # fmt: skip
RECIPE = DigestRecipe(
    slug="daily",
    title=TITLE,
    topics=("water",),
    languages=("ar", "fr"),
    hour=time(7, 30),
    timezone="Africa/Casablanca",
)
BODY = "افتتح الوزير السد الجديد صباح اليوم. وقال إن السعة تضاعفت."


def proven(number: int = 1, *labels: str, body: str = BODY, **changes: Any) -> ArchivedArticle:
    """An article whose word السد is the proof."""
    at = body.index("السد") if "السد" in body else 0
    mention = Mention(
        field="body", start=at, end=at + 4, concept="dam", term="سد", text=body[at : at + 4]
    )
    plain = kept(
        number,
        body,
        language="ar",
        **{"headline": f"عنوان رقم {number}", "url": f"http://news.test/{number}"} | changes,
    )
    return replace(plain, matches=(a_match(*(labels or ("general",)), mentions=(mention,)),))


def composed(*articles: ArchivedArticle, recipe: DigestRecipe = RECIPE) -> records.Digest:
    """The digest of these articles."""
    health = [
        SourceHealth(source="news", last_poll_at=NOW, last_success_at=NOW, last_outcome="new", failures=0, articles=3, next_poll_at=NOW),
        SourceHealth(source="dead", last_poll_at=NOW, last_success_at=None, last_outcome="failed", failures=2, articles=0, next_poll_at=NOW),
    ]  # fmt: skip
    sources = {"news": a_source(), "dead": a_source(slug="dead", name="Dead Paper")}
    return composition.compose(
        recipe,
        articles,
        sources=sources,
        health=health,
        now=NOW,
        since=NOW - timedelta(days=1),
        until=NOW,
        topics={"water": TOPIC},
    )


def worded(*articles: ArchivedArticle, **changes: Any) -> Message:
    """The mail of these articles."""
    return rendering.render(
        composed(*articles),
        recipient="desk@example.org",
        sender_domain="rasd.test",
        channel="smtp",
        key="k",
        **changes,
    )


def test_the_most_specific_label_comes_first() -> None:
    """An article stands once, under the last label its topic declares for it."""
    issue = composed(proven(1), proven(2, "general", "special"))
    assert [(s.label, [i.article_id for i in s.items]) for s in issue.sections] == [
        ("special", [2]),
        ("general", [1]),
    ]


def test_copies_of_one_dispatch_are_one_event() -> None:
    """Ten copies of an agency text are an event with nine links."""
    text = " ".join(f"كلمة{n}" for n in range(80)) + " السد"
    copies = [
        replace(
            proven(n, body=text, headline=f"عنوان مختلف تماما {n}"),
            fingerprint=fingerprint.compute(text),
        )
        for n in range(10)
    ]
    (story,) = group(copies)
    assert len(story.copies) == 9
    (section,) = composed(*copies).sections
    assert (len(section.items), len(section.items[0].copies)) == (1, 9)


def test_proof_is_quoted_from_the_original_with_its_terms_marked() -> None:
    """The sentence that holds the mention, whole, and nothing else of the text."""
    ((proof,),) = [i.proofs for i in composed(proven()).sections[0].items]
    assert "".join(s.text for s in proof) == "افتتح الوزير السد الجديد صباح اليوم."
    assert [s.text for s in proof if s.marked] == ["السد"]


def test_three_reasons_are_named_and_the_rest_counted() -> None:
    """What the themes ask for comes first, then what stands highest and oftenest; the sides, which all have, last."""
    names = ["side", "often", "top", "theme", "rare"]
    fields = {
        "side": ["headline"] * 3,
        "often": ["body"] * 3,
        "top": ["headline", "lead"],
        "theme": ["body"],
        "rare": ["body"],
    }
    match = Match(
        topic="water", version="v", labels=("general",), score={"general": 0.9}, themes=("t", "gone"),
        mentions=tuple(
            Mention(field=field, start=0, end=1, concept=name, term=name, text="x")  # type: ignore[arg-type]
            for name in names for field in fields[name]
        ),
    )  # fmt: skip
    concepts = {name: Concept(name=name, title={"ar": name}, terms=()) for name in names}
    topic = replace(
        TOPIC, concepts=concepts, enumerated=("side",), themes={"t": parse("concept:theme NEAR x")}
    )
    story = replace(proven(1), matches=(match,))
    issue = composition.compose(
        RECIPE,
        [story],
        sources={"news": a_source()},
        health=[],
        now=NOW,
        since=NOW,
        until=NOW,
        topics={"water": topic},
    )
    (item,) = issue.sections[0].items
    assert (item.concepts, item.concepts_left_out) == (("theme", "top", "often"), 2)
    message = rendering.render(
        issue, recipient="d@example.org", sender_domain="rasd.test", channel="smtp", key="k"
    )
    assert all("theme · top · often +2 ·" in part for part in (message.text, message.html))
    assert "+" not in next(
        line for line in worded(proven()).text.splitlines() if "سبب الرصد" in line
    )


def test_too_many_events_are_counted_never_dropped_in_silence() -> None:
    """What does not fit is said to be in the archive."""
    issue = composed(*(proven(n) for n in range(5)), recipe=replace(RECIPE, max_events=2))
    assert (len(issue.sections[0].items), issue.sections[0].left_out) == (2, 3)
    assert len(issue.article_ids) == 5


def test_text_and_html_say_the_same_facts() -> None:
    """Headline, link, proof, source, and who did not answer, in both parts."""
    message = worded(proven(7, "general", "special"))
    for part in (message.text, message.html):
        for fact in (
            "عنوان رقم 7",
            "http://news.test/7",
            "The News",
            "خاص",
            "Dead Paper",
            "الاثنين 23 نونبر 2026",
        ):
            assert fact in part
    assert message.subject == "[الماء] 1 خاص — الاثنين 23 نونبر 2026"
    assert '<html lang="ar" dir="rtl">' in message.html


def test_nothing_new_is_said() -> None:
    """An empty day is a short honest line."""
    message = worded()
    assert "لا جديد" in message.subject
    assert "لا خبر جديد" in message.text and "لا خبر جديد" in message.html


@pytest.mark.parametrize(
    "headline", ["a\r\nBcc: x@y.z", "a\u2028b", "\u202eevil", "<script>alert(1)</script>", "a\x85b"]
)
def test_a_hostile_headline_blocks_nothing(headline: str) -> None:
    """M21, M23: it is shown as text, and the mail is built."""
    message = worded(proven(1, headline=headline))
    mail = as_email(
        replace(message, subject=wording.one_line(f"[x] {headline}")), "rasd <rasd@rasd.test>"
    )
    assert mail["Bcc"] is None
    assert "<script>" not in message.html


def test_links_are_web_links_only() -> None:
    """M21: a javascript: address never becomes a link."""
    assert "javascript:" not in worded(proven(1, url="javascript:alert(1)")).html


def test_the_message_id_follows_from_the_key() -> None:
    """A second attempt is recognisable as the same mail."""
    assert worded(proven()).message_id == worded(proven(2)).message_id


def test_a_maildir_holds_a_mail_once(tmp_path: Path) -> None:
    """Delivered twice, it lies there once, and a mail parser reads both parts."""
    message = replace(worded(proven()), recipient=str(tmp_path / "box"))
    assert [asyncio.run(MaildirChannel().deliver(message)).outcome for _ in range(2)] == [
        "sent",
        "sent",
    ]
    (stored,) = mailbox.Maildir(tmp_path / "box")
    mail: Any = email.message_from_bytes(stored.as_bytes(), policy=policy.default)
    assert mail.get_body(("plain",)).get_content() == message.text
    assert "السد" in mail.get_body(("html",)).get_content()


class _Server:
    """An SMTP server that says what the test wants at RCPT and after DATA."""

    def __init__(self, rcpt: str = "250 OK", data: str | None = "250 OK") -> None:
        self.rcpt, self.data, self.mails = rcpt, data, list[bytes]()

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.mails.append(envelope.content)
        if self.data is None:
            server.transport.abort()
        return self.data or "250 OK"


def delivered(handler: _Server, **settings: Any) -> str:
    """What became of one mail at this server."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(handler, hostname="127.0.0.1", port=port)
    server.start()
    try:
        smtp = SmtpChannel(
            host="127.0.0.1",
            port=port,
            security="none",
            sender="rasd <rasd@rasd.test>",
            timeout_seconds=10,
        )
        return asyncio.run(replace(smtp, **settings).deliver(worded(proven()))).outcome
    finally:
        server.stop()


@pytest.mark.parametrize(
    ("rcpt", "data", "outcome"),
    [
        ("250 OK", "250 OK", "sent"),
        ("451 greylisted", "250 OK", "deferred"),  # F-32
        ("550 no such user", "250 OK", "dead"),  # F-33
        ("250 OK", "554 spam", "dead"),  # F-35
        ("250 OK", None, "unknown"),  # F-34
    ],
)
def test_what_a_server_says_is_what_becomes_of_a_mail(
    rcpt: str, data: str | None, outcome: str
) -> None:
    """Temporary, final and unknowable are three things (M24)."""
    assert delivered(_Server(rcpt, data)) == outcome


def test_starttls_is_demanded_not_tried() -> None:
    """A server without it gets no mail in the clear."""
    server = _Server()
    assert delivered(server, security="starttls") in ("deferred", "dead")
    assert server.mails == []


def test_a_server_that_is_down_keeps_the_mail_waiting() -> None:
    """F-31: deferred, not lost."""
    smtp = SmtpChannel(
        host="127.0.0.1", port=1, security="none", sender="r@r.test", timeout_seconds=5
    )
    assert asyncio.run(smtp.deliver(worded(proven()))).outcome == "deferred"


def test_a_browser_shows_the_mail_from_the_right(chromium: str, tmp_path: Path) -> None:
    """Headless Chromium lays the page out right-to-left, within the window's width."""
    page = tmp_path / "digest.html"
    probe = "<script>document.title=JSON.stringify([getComputedStyle(document.body).direction,document.documentElement.scrollWidth<=innerWidth,document.querySelectorAll('mark').length])</script></body>"
    page.write_text(worded(proven(), proven(2)).html.replace("</body>", probe), encoding="utf-8")
    done = subprocess.run(
        [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
         f"--user-data-dir={tmp_path}/profile", "--window-size=412,900", "--dump-dom", page.as_uri()],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert '["rtl",true,2]' in done.stdout.replace("&quot;", '"')


def doubted(number: int, score: float, **changes: Any) -> ArchivedArticle:
    """An article that scored just under the line of ``special``."""
    match = Match(
        topic="water",
        version="v1",
        labels=(),
        score={"special": score},
        mentions=(),
        doubtful=("special",),
    )
    plain = kept(
        number,
        BODY,
        language="ar",
        **{"headline": f"مشكوك {number}", "url": f"http://news.test/{number}"} | changes,
    )
    return replace(plain, matches=(match,))


@pytest.mark.parametrize(
    ("language", "heading"), [("ar", "للمراقبة"), ("fr", "À surveiller"), ("en", "Watch list")]
)
def test_what_scored_just_under_the_line_is_shown(language: str, heading: str) -> None:
    """The surest five, with score and label, in both parts and every frame; the others are counted."""
    doubtful = [doubted(n, round(0.3 + n / 100, 2)) for n in range(7)]
    recipe = replace(RECIPE, languages=(language,))
    plain = composed(proven(50), recipe=recipe)
    sources = {"news": a_source()}
    issue = composition.compose(
        recipe, [proven(50)], sources=sources, health=[], now=NOW, since=plain.since, until=NOW,
        topics={"water": TOPIC}, doubtful=doubtful,
    )  # fmt: skip
    assert [d.article_id for d in issue.watch_list] == [
        6,
        5,
        4,
        3,
        2,
    ] and issue.watch_list_left_out == 2
    assert 6 not in issue.article_ids
    message = rendering.render(
        issue, recipient="d@example.org", sender_domain="rasd.test", channel="smtp", key="k"
    )
    for part in (message.text, message.html):
        assert (
            f"{heading} (7)" in part
            and "مشكوك 6" in part
            and "0.36" in part
            and "مشكوك 1" not in part
        )
        assert wording.WORDS[language]["left_out"].format(n=2) in part
    silent = rendering.render(
        plain, recipient="d@example.org", sender_domain="rasd.test", channel="smtp", key="k"
    )
    assert heading not in silent.text and heading not in silent.html
