"""What one installation sets: environment, systemd credentials, a TOML file, defaults.

``settings`` has every key with its bounds, ``loading`` puts them together; ``environment`` and
``files`` read, ``archive_url`` and ``network`` judge what has a form of its own, ``problems`` words
what is wrong. One mistake is one line: where, which key, what is near; secrets are never quoted.
"""

from crawler.config.loading import Loaded, load, load_with_origins
from crawler.config.settings import Config, ReadingConfig, Subscriber

__all__ = ["Config", "Loaded", "ReadingConfig", "Subscriber", "load", "load_with_origins"]
