"""What schema 0019 said in one text, and what schema 0020 makes of it: a reason and its detail."""

from __future__ import annotations

POLLS = {
    "blocked challenge page instead of the feed": "challenge",
    "blocked consent page instead of the feed": "consent",
    "blocked the server said 403": "forbidden",
    "empty empty_feed: 0 entries without a link": "empty_feed",
    "failed headers_too_big: over 262144 bytes or 1000 lines": "headers_too_big",
    "failed held: busy.test:8477 asked not to be contacted before … UTC": "held",
    "failed no answer was understood; the log says more": "not_understood",
    "failed reading the feed: crashed": "reading_crashed",
    "failed reading the feed: timeout": "reading_timeout",
    "failed redirect_limit: more than 5 in a row": "redirect_limit",
    "failed robots: forbidden by robots.txt": "robots",
    "failed robots_unreachable: Untrusted: tls_error: certificate verify failed": "tls_error",
    (
        "failed robots_unreachable: the server said 500 for http://robots-down.test:8477/robots.txt"
    ): "robots_unreachable",
    "failed the server said 500": "server_error",
    "failed timeout: Getting http://slow.test:8477/feed took longer than 4.0 seconds.": "timeout",
    "failed tls_downgrade: redirected from https to http": "tls_downgrade",
    "failed too_big: over 8388608 bytes unpacked": "too_big",
    (
        "failed unreachable: Connection was refused by other side: 111: Connection refused."
    ): "unreachable",
    (
        "failed unreachable: DNS lookup failed: no results for hostname lookup: steady.test."
    ): "unreachable",
    "failed unreachable: ssrf_blocked: '127.0.0.1' leads to 127.0.0.1 port 8477": "ssrf_blocked",
    "new ": "",
    "new budget: no requests left in this crawl": "+budget",
    "new burst: 2500 new at once; what is not asked for now is queued": "+burst",
    "new moved to http://moved.test:8477/new": "+moved",
    "new partial: it breaks off": "+partial",
    "new place_limit: 2 asked, and more are named": "+place_limit",
    "new sitemap_overflow=998000: more addresses than are taken": "+sitemap_overflow",
    "not_a_feed bad_content_type: its bytes are PNG": "bad_content_type",
    "not_a_feed text/html": "not_a_feed",
    "not_modified ": "",
    "nothing_new ": "",
    "nothing_new place_limit: 20 asked, and more are named": "+place_limit",
}
"""Outcome and text of schema 0019; the reason from 0020 on, and after a plus that of its note."""

SIGHTINGS = {
    "failed blocked:challenge": "challenge",
    "failed blocked:consent": "consent",
    "failed blocked:soft404": "soft404",
    "failed the server said 403": "forbidden",
    "failed the server said 429": "rate_limited",
    "failed the server said 500": "server_error",
    (
        "failed timeout: Getting http://mixed.test:8477/p/slow took longer than 4.0 seconds."
    ): "timeout",
    (
        "failed tls_error: the certificate is another's: "
        "VerificationError(errors=[DNSMismatch(mismatched_id=DNS_ID("
        "hostname=b'mixed.test'))])"
    ): "tls_error",
    (
        "failed unreachable: Connection was refused by other side: 111: Connection refused."
    ): "unreachable",
    "failed unreachable: ssrf_blocked: '127.0.0.1' leads to 127.0.0.1 port 8477": "ssrf_blocked",
    "gone the server said 404": "not_found",
    "gone the server said 410": "not_found",
    "kept ": "",
    "quarantined crashed": "reading_crashed",
    "quarantined timeout": "reading_timeout",
    "queued ": "",
    "rejected bad_content_type: image/png": "bad_content_type",
    "rejected bad_content_type: its bytes are PDF": "bad_content_type",
    "rejected binary_file: /p/film.mp4": "binary_file",
    "rejected not_html: text/plain": "not_html",
    "rejected offsite: elsewhere.example is no host of the source": "offsite",
    "rejected offsite_redirect: elsewhere.example is no host of the source": "offsite_redirect",
    "rejected port_refused: no address of the source names port 8480": "port_refused",
    "rejected redirect_limit: more than 5 in a row": "redirect_limit",
    "rejected robots: forbidden by robots.txt": "robots",
    "rejected scheme_blocked: redirected to ftp:": "scheme_blocked",
    "rejected too_big: over 8388608 bytes unpacked": "too_big",
    (
        "rejected url_malformed: redirected to an address that parsers read differently"
    ): "url_malformed",
}
"""Fate and text of schema 0019; the reason from 0020 on."""

REWORDED = {
    "blocked:challenge": "challenge",
    "blocked:consent": "consent",
    "blocked:soft404": "soft404",
    "challenge page instead of the feed": "challenge: a page instead of the feed",
    "consent page instead of the feed": "consent: a page instead of the feed",
    "crashed": "reading_crashed",
    "timeout": "reading_timeout",
    "robots_unreachable: Untrusted: tls_error: certificate verify failed": (
        "tls_error: robots.txt: certificate verify failed"
    ),
    "sitemap_overflow=998000: more addresses than are taken": (
        "sitemap_overflow: 998000 addresses more than are taken"
    ),
    "unreachable: ssrf_blocked: '127.0.0.1' leads to 127.0.0.1 port 8477": (
        "ssrf_blocked: '127.0.0.1' leads to 127.0.0.1 port 8477"
    ),
}
"""Texts of schema 0019 that people read in other words now; every other text reads as it did."""
