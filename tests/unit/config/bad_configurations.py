"""Configurations that cannot work, each with the words that its one line has to say.

A file's text or bytes; or, where a tuple stands, the environment beside an empty file.
"""

from __future__ import annotations

Case = tuple[str | bytes | dict[str, str], tuple[str, ...]]

MAIL = '[smtp]\nhost = "mail.test"\nsender = "desk@desk.test"\n'
LOGIN = MAIL + 'username = "desk"\n'
LONG = "9" * 5_000

FILES: dict[str, Case] = {
    "latin-1": (
        '[crawl]\ncontact = "rédaction@desk.test"\n'.encode("latin-1"),
        (":2", "not UTF-8 at byte 20", "save it as UTF-8"),
    ),
    "windows-1256": ('[crawl]\ncontact = "رصد@desk.test"\n'.encode("cp1256"), (":2", "not UTF-8")),
    "utf-16": ("tick_seconds = 5\n".encode("utf-16"), ("is UTF-16",)),
    "utf-16 big endian": (b"\xfe\xff" + "tick_seconds = 5\n".encode("utf-16-be"), ("is UTF-16",)),
    "nul bytes": (b"tick_seconds = 5\n\x00\x00", (":2", "not TOML")),
    "binary": (b"\x7fELF\x02\x01\x01\x80\x90", ("not UTF-8",)),
    "yaml": ("archive: sqlite:///x.sqlite\n", (":1", "not TOML")),
    "ini without quotes": ("[log]\nlevel = info\n", (":2", "not TOML")),
    "quote left open": ('archive = "sqlite:///x.sqlite\n', (":1", "not TOML")),
    "table left open": ("[smtp\n", (":1", "not TOML")),
    "key twice": ("tick_seconds = 5\ntick_seconds = 6\n", (":2", "not TOML")),
    "table twice": ("[log]\n[log]\n", (":2", "not TOML")),
    "nested deeply": ("a = " + "[" * 20_000, ("nested too deeply",)),
    "number of 5000 digits": (f"tick_seconds = {LONG}\n", ("not TOML",)),
    "escape in a text": (
        '[smtp]\nhost = "\\u001b[31mmail.test"\n',
        (":2", "smtp.host", "control character"),
    ),
    "raw escape": ('[smtp]\nhost = "\x1b[31m"\n', (":2", "not TOML")),
    "two megabytes": ("#" * 2_000_000, ("more than",)),
}

KEYS: dict[str, Case] = {
    "top level": ('archiv = "sqlite:///x.sqlite"\n', (":1", "archiv", "did you mean 'archive'?")),
    "table": ("[smpt]\nport = 25\n", (":1", "smpt", "did you mean 'smtp'?")),
    "key of a table": ("[smtp]\nprot = 25\n", (":2", "smtp.prot", "did you mean 'port'?")),
    "key outside its table": ('contact = "a@b.test"\n', (":1", "contact", "did you mean 'crawl.contact'?")),
    "hyphen": ("tick-seconds = 5\n", (":1", "did you mean 'tick_seconds'?")),
    "upper case": ("[SMTP]\nport = 25\n", (":1", "SMTP")),
    "nothing near": ("[zebra]\n", (":1", "zebra", "configuration.md")),
    "of a subscriber": ('[[subscribers]]\ndigest = "daily"\naddres = "a@b.test"\naddress = "a@b.test"\n', ("addres", "did you mean 'address'?")),
    "table as text": ('smtp = "mail.test"\n', (":1", "smtp", "is to be a table")),
    "list as text": ('[network]\nallow = "127.0.0.2/32:8081"\n', (":2", "network.allow", "is to be a list")),
    "table as list": ('[network]\nhosts = ["127.0.0.2"]\n', (":2", "network.hosts", "is to be a table")),
}  # fmt: skip

ARCHIVES: dict[str, Case] = {
    "path": ('archive = "var/rasd.sqlite"\n', (":1", "archive", "did you mean 'sqlite:///var/rasd.sqlite'?")),
    "slip": ('archive = "sqllite:///x.sqlite"\n', ("did you mean 'sqlite'?",)),
    "other database": ('archive = "mysql://u@h/rasd"\n', ("no database 'mysql'",)),
    "other driver": ('archive = "postgresql+asyncpg://u@h/rasd"\n', ("postgresql+asyncpg",)),
    "two slashes": ('archive = "sqlite://var/x.sqlite"\n', ("did you mean 'sqlite:///var/x.sqlite'?",)),
    "no file": ('archive = "sqlite:///"\n', ("names no file",)),
    "in memory": ('archive = "sqlite:///:memory:"\n', ("names no file",)),
    "folder": ('archive = "sqlite:////tmp/"\n', ("is a folder",)),
    "options": ('archive = "sqlite:///x.sqlite?mode=ro"\n', ("no options",)),
    "empty": ('archive = ""\n', ("no URL",)),
    "number": ("archive = 5\n", (":1", "archive", "is to be text")),
    "one slash": ('archive = "postgresql:/u:hunter22@h/rasd"\n', ("no URL",)),
    "port of letters": ('archive = "postgresql://u:hunter22@h:5x/rasd"\n', ("cannot be read",)),
    "port too high": ('archive = "postgresql://u:hunter22@h:99999/rasd"\n', ("no port 99999",)),
    "no database": ('archive = "postgresql://u:hunter22@h"\n', ("names no database",)),
    "at sign in the password": ('archive = "postgresql://u:hunter@22@h/rasd"\n', ("%40",)),
    "password as an option": ('archive = "postgresql://u@h/rasd?password=hunter22"\n', ("before the @",)),
    "control character": ('archive = "sqlite:///x\\u0007.sqlite"\n', ("archive", "control character")),
}  # fmt: skip

NUMBERS: dict[str, Case] = {
    "tick of 0": ("tick_seconds = 0\n", (":1", "tick_seconds", "more than 0", "not 0")),
    "tick below 0": ("tick_seconds = -5\n", ("tick_seconds", "not -5")),
    "tick of a day": ("tick_seconds = 86400\n", ("tick_seconds", "300")),
    "tick that is no number": ("tick_seconds = nan\n", ("tick_seconds", "finite")),
    "endless tick": ("tick_seconds = inf\n", ("tick_seconds", "finite")),
    "tick in words": ('tick_seconds = "soon"\n', ("tick_seconds", "not 'soon'")),
    "tick of true": ("tick_seconds = true\n", ("tick_seconds", "not true")),
    "delay below 0": ("[crawl]\ndelay_seconds = -1\n", (":2", "crawl.delay_seconds", "not -1")),
    "delay of a year": ("[crawl]\ndelay_seconds = 31536000\n", ("crawl.delay_seconds",)),
    "time-out of 0": ("[crawl]\ntimeout_seconds = 0\n", ("crawl.timeout_seconds",)),
    "time-out of an hour": ("[crawl]\ntimeout_seconds = 3600\n", ("crawl.timeout_seconds",)),
    "no request": ("[crawl]\nconcurrent_requests = 0\n", ("crawl.concurrent_requests",)),
    "a million requests": ("[crawl]\nconcurrent_requests = 1000000\n", ("crawl.concurrent_requests",)),
    "budget of none": ("[crawl]\nbudget_requests = 0\n", ("crawl.budget_requests",)),
    "budget of half a request": ("[crawl]\nbudget_requests = 0.5\n", ("crawl.budget_requests",)),
    "budget below 0": ("[crawl]\nbudget_bytes = -5\n", ("crawl.budget_bytes",)),
    "budget of a year": ("[crawl]\nbudget_seconds = 31536000\n", ("crawl.budget_seconds",)),
    "no worker": ("[reading]\nworkers = 0\n", (":2", "reading.workers")),
    "ten thousand workers": ("[reading]\nworkers = 10000\n", ("reading.workers",)),
    "no time to read": ("[reading]\ntimeout_seconds = 0\n", ("reading.timeout_seconds",)),
    "a megabyte to read": ("[reading]\nmemory_mb = 1\n", ("reading.memory_mb", "256")),
    "a petabyte to read": ("[reading]\nmemory_mb = 1000000000\n", ("reading.memory_mb",)),
    "perhaps": ('[reading]\ntemplates = "perhaps"\n', ("reading.templates", "not 'perhaps'")),
    "level": ('[log]\nlevel = "loud"\n', (":2", "log.level", "not 'loud'")),
    "format": ('[log]\nformat = "xml"\n', ("log.format", "not 'xml'")),
}  # fmt: skip

NETWORK: dict[str, Case] = {
    "name": ('[network]\nallow = ["localhost:8081"]\n', (":2", "network.allow", "'localhost:8081'", "127.0.0.2/32:8081")),
    "address": ('[network]\nallow = ["127.0.0.2:8081"]\n', ("network.allow", "no CIDR")),
    "port of 0": ('[network]\nallow = ["127.0.0.2/32:0"]\n', ("network.allow", "no port 0")),
    "port too high": ('[network]\nallow = ["127.0.0.2/32:99999"]\n', ("network.allow", "no port 99999")),
    "bits of a host": ('[network]\nallow = ["127.0.0.2/8:8081"]\n', ("network.allow", "host bits")),
    "mask": ('[network]\nallow = ["127.0.0.2/99"]\n', ("network.allow", "'127.0.0.2/99'")),
    "host without address": ('[network.hosts]\n"news.test" = "localhost"\n', ("network.hosts", "news.test", "no IP address")),
    "host with its port": ('[network.hosts]\n"news.test:80" = "127.0.0.2"\n', ("network.hosts", "'news.test:80'")),
    "host as an address": ('[network.hosts]\n"http://news.test" = "127.0.0.2"\n', ("network.hosts",)),
}  # fmt: skip

MAILS: dict[str, Case] = {
    "port of 0": (MAIL + "port = 0\n", (":4", "smtp.port", "not 0")),
    "port too high": (MAIL + "port = 70000\n", ("smtp.port", "65535")),
    "port in words": (MAIL + 'port = "smtps"\n', ("smtp.port", "not 'smtps'")),
    "half a port": (MAIL + "port = 587.5\n", ("smtp.port",)),
    "no sender": ('[smtp]\nhost = "mail.test"\n', (":1", "smtp", "without sender")),
    "sender without address": ('[smtp]\nhost = "mail.test"\nsender = "the desk"\n', ("smtp", "'the desk'")),
    "host with port": ('[smtp]\nhost = "mail.test:25"\n', ("smtp.host", "port = 25")),
    "host with scheme": ('[smtp]\nhost = "smtp://mail.test"\n', ("smtp.host", "scheme")),
    "host of two words": ('[smtp]\nhost = "mail test"\n', ("smtp.host", "no host name")),
    "ssl": (MAIL + 'security = "ssl"\n', ("smtp.security", "not 'ssl'")),
    "password without login": (MAIL + 'password = "hunter22"\n', ("smtp", "without username")),
    "two passwords": (LOGIN + 'password = "hunter22"\npassword_file = "x"\n', ("password_file", "keep one")),
    "password file missing": (LOGIN + 'password_file = "missing"\n', ("missing", "No such file")),
    "password file is a folder": (LOGIN + 'password_file = "/tmp"\n', ("/tmp", "folder")),
    "password file endless": (LOGIN + 'password_file = "/dev/zero"\n', ("/dev/zero", "no regular file")),
    "subscriber without address": ('[[subscribers]]\ndigest = "daily"\n', (":1", "address", "missing")),
    "subscriber with none": ('[[subscribers]]\ndigest = "daily"\naddress = ""\n', ("address",)),
    "subscribers as a table": ('[subscribers]\ndigest = "daily"\n', (":1", "subscribers", "list")),
}  # fmt: skip

ENVIRONMENTS: dict[str, Case] = {
    "one underscore": ({"RASD_SMTP_PASSWORD": "hunter22"}, ("RASD_SMTP_PASSWORD", "did you mean 'RASD_SMTP__PASSWORD'?")),
    "slip": ({"RASD_ARCHIV": "x"}, ("RASD_ARCHIV", "did you mean 'RASD_ARCHIVE'?")),
    "nothing near": ({"RASD_ZEBRA": "1"}, ("RASD_ZEBRA", "unknown name")),
    "no JSON": ({"RASD_NETWORK__ALLOW": "127.0.0.2/32"}, ("RASD_NETWORK__ALLOW", "not JSON", '["…"]')),
    "no list": ({"RASD_NETWORK__ALLOW": '"127.0.0.2/32"'}, ("RASD_NETWORK__ALLOW", "not a list")),
    "no table": ({"RASD_SMTP": "[]"}, ("RASD_SMTP", "not a table")),
    "nested deeply": ({"RASD_SUBSCRIBERS": "[" * 20_000}, ("RASD_SUBSCRIBERS", "not JSON")),
    "name in the network": ({"RASD_NETWORK__ALLOW": '["localhost:8081"]'}, ("RASD_NETWORK__ALLOW", "'localhost:8081'")),
    "port": ({"RASD_SMTP__PORT": "99999"}, ("RASD_SMTP__PORT", "smtp.port", "not '99999'")),
    "level": ({"RASD_LOG__LEVEL": "loud"}, ("RASD_LOG__LEVEL", "log.level", "not 'loud'")),
    "seconds": ({"RASD_TICK_SECONDS": "soon"}, ("RASD_TICK_SECONDS", "not 'soon'")),
    "archive": ({"RASD_ARCHIVE": "postgresql://u:hunter22@h:x/rasd"}, ("RASD_ARCHIVE", "archive")),
    "bytes": ({"RASD_CRAWL__CONTACT": "r\udce9daction"}, ("RASD_CRAWL__CONTACT", "not UTF-8")),
    "escape": ({"RASD_SMTP__HOST": "\x1b[31mmail.test"}, ("RASD_SMTP__HOST", "control character")),
}  # fmt: skip

NAMED: dict[str, Case] = {
    "seeds missing": ('seeds = "nowhere"\n', ("nowhere", "no such seeds folder")),
    "seeds a file": ('seeds = "rasd.toml"\n', ("rasd.toml",)),
    "no such digest": ('[[subscribers]]\ndigest = "dayly"\naddress = "a@b.test"\n', ("'dayly'", "a@b.test")),
    "no such channel": ('[[subscribers]]\ndigest = "daily"\naddress = "a@b.test"\nchannel = "fax"\n', ("'fax'",)),
    "archive below a file": ('archive = "sqlite:///rasd.toml/x.sqlite"\n', ("archive", "no folder")),
    "maildir below a file": ('[[subscribers]]\ndigest = "daily"\naddress = "./rasd.toml/box"\n', ("subscribers", "no folder")),
    "browser missing": ('[crawl]\nbrowser = "/nowhere/chromium"\n', ("crawl.browser", "'/nowhere/chromium'")),
}  # fmt: skip
"""What only ``rasd config --check`` looks at, or any verb that opens the archive."""

TABLES = {
    "file": FILES, "key": KEYS, "archive": ARCHIVES, "number": NUMBERS, "network": NETWORK,
    "mail": MAILS, "environment": ENVIRONMENTS, "named": NAMED,
}  # fmt: skip
CASES = {f"{of}: {name}": case for of, table in TABLES.items() for name, case in table.items()}
