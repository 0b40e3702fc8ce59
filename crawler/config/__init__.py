"""What one installation sets: a TOML file, then the environment.

``settings`` has every key, ``loading`` reads them.
"""

from crawler.config.loading import load
from crawler.config.settings import Config, ReadingConfig, Subscriber

__all__ = ["Config", "ReadingConfig", "Subscriber", "load"]
