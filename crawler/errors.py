"""The exceptions that an operator or a caller can act on, with their exit codes.

Expected failures of the outside world are values (``Rejection``, ``Poll.outcome``,
``Delivery.outcome``), never exceptions. A class's docstring is its default message.
"""

from __future__ import annotations

import errno


class RasdError(Exception):
    """rasd could not go on."""

    exit_code = 1

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or type(self).__doc__)


class InvalidFileError(RasdError, ValueError):
    """A file written by a person has mistakes.

    ``problems`` are lines of the form ``seeds/topics/water.yml:7: unknown key 'keyword'; did you
    mean 'keywords'?``: the place, what was found, and what was expected if it can be guessed.
    """

    exit_code = 65

    def __init__(self, *problems: str) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class SeedError(InvalidFileError):
    """A seed file has mistakes."""


class UnknownSeedError(SeedError):
    """A seed file names another one, ``name`` in ``folder``, that is not there or has mistakes."""

    def __init__(self, folder: str, name: str, problem: str) -> None:
        self.folder, self.name = folder, name
        super().__init__(problem)


class QueryError(RasdError, ValueError):
    """A query is malformed; ``position`` is the 0-based offset of the mistake in ``text``."""

    exit_code = 2

    def __init__(self, message: str, text: str, position: int) -> None:
        self.text, self.position, self.reason = text, position, message
        super().__init__(f"{message}\n  {text}\n  {' ' * position}^")


class UsageError(RasdError, ValueError):
    """What was asked for cannot be understood."""

    exit_code = 2


class ConfigError(RasdError, ValueError):
    """The configuration cannot be used."""

    exit_code = 78


class FileNotWrittenError(RasdError):
    """A file can't be written.

    ``advice`` is what to do; else it follows from the ``error``.
    """

    exit_code = 73

    def __init__(self, path: object, error: OSError, advice: str = "") -> None:
        said = advice or _ADVICE.get(error.errno or 0, "name a file elsewhere")
        super().__init__(f"{path}: cannot be written: {error.strerror or error}; {said}")


_ADVICE = {
    errno.ENOENT: "make its folder first",
    errno.EISDIR: "name a file in it",
    errno.ENOSPC: "make room",
    errno.EDQUOT: "make room",
    errno.ENAMETOOLONG: "give it a shorter name",
}
"""What to do about a file that can't be written."""


class MissingExtraError(RasdError):
    """An optional part of rasd is not installed."""

    exit_code = 69

    def __init__(self, what: str, extra: str, detail: str) -> None:
        hint = f"pip install 'rasd[{extra}]'"
        super().__init__(f"{what} needs the extra {extra!r} ({detail}): {hint}")


class GuardError(RasdError):
    """The network guard does not work; nothing is fetched without it."""

    exit_code = 78

    def __init__(self, message: str | None = None) -> None:
        said = GuardError.__doc__ or ""
        super().__init__(f"{said} ({message})" if message else said)


class ArchiveError(RasdError):
    """The archive cannot be opened or has an unknown version."""

    exit_code = 78


class NoArchiveError(ArchiveError):
    """There is no archive yet; rasd run or rasd poll makes it."""


class OldArchiveError(ArchiveError):
    """The archive is of an older version; the daemon brings it up to date when it starts."""


class StorageError(RasdError):
    """The archive can't be used just now.

    ``trouble`` is a word of ``storage.troubles``: what is wrong with it, such as ``full``.
    """

    exit_code = 74

    def __init__(self, trouble: str, detail: str) -> None:
        self.trouble, self.detail = trouble, detail
        super().__init__(f"the archive can't be used ({trouble}): {detail}")


class DamagedError(RasdError, ValueError):
    """The archive has bytes that differ from what was written."""

    exit_code = 1


class BackupError(RasdError):
    """The archive cannot be backed up or restored."""

    exit_code = 1


class BackupRefusedError(RasdError, ValueError):
    """This is no backup, or not what was written."""

    exit_code = 65


class IndexDamagedError(DamagedError):
    """The archive's full-text index is damaged: rasd archive rebuild-index makes it anew."""

    exit_code = 74


class IndexUnfinishedError(RasdError):
    """The archive's full-text index is being made, and nothing was found in what there is of it."""

    exit_code = 75


class LockHeldError(RasdError):
    """Another rasd is working on this archive."""

    exit_code = 75


class NoAnswerError(RasdError):
    """The process at work on this archive did not answer."""

    exit_code = 75


class NotFoundError(RasdError, LookupError):
    """The archive and the seeds have nothing of that name."""

    exit_code = 1
