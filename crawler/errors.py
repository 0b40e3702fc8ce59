"""What can go wrong in a way that an operator or a caller can act on.

Expected failure of the outside world is a value (``Rejection``, ``Poll.outcome``,
``Delivery.outcome``), never one of these. The exit code of each stands beside it.
"""

from __future__ import annotations


class RasdError(Exception):
    """rasd could not go on."""

    exit_code = 1

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or type(self).__doc__)


class SeedError(RasdError, ValueError):
    """A seed file says something that is not understood.

    ``problems`` are lines of the form ``seeds/topics/water.yml:7: unknown key 'keyword'; did you
    mean 'keywords'?``: where, what was found, what was meant.
    """

    exit_code = 65

    def __init__(self, *problems: str) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class QueryError(RasdError, ValueError):
    """A query cannot be read. ``position`` is the 0-based offset of the trouble in ``text``."""

    exit_code = 2

    def __init__(self, message: str, text: str, position: int) -> None:
        self.text, self.position, self.reason = text, position, message
        super().__init__(f"{message}\n  {text}\n  {' ' * position}^")


class ConfigError(RasdError, ValueError):
    """The configuration cannot be used."""

    exit_code = 78


class GuardError(RasdError):
    """The network guard is not at work; nothing is fetched without it."""

    exit_code = 78

    def __init__(self, message: str | None = None) -> None:
        said = GuardError.__doc__ or ""
        super().__init__(f"{said} ({message})" if message else said)


class ArchiveError(RasdError):
    """The archive cannot be opened or is of another version."""

    exit_code = 78


class DamagedError(RasdError, ValueError):
    """Bytes of the archive are not what was written."""

    exit_code = 1


class LockHeldError(RasdError):
    """Another rasd is already working on this archive."""

    exit_code = 75


class NotFoundError(RasdError, LookupError):
    """Nothing in the archive or the seeds has that name."""

    exit_code = 1
