"""The ``rasd`` command: verbs from ``cli``, expected errors as one line and an exit code."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line; a RasdError ends it with its message and code, no traceback."""
    from crawler.cli.main import commands
    from crawler.errors import RasdError

    try:
        commands()
    except RasdError as error:
        print(f"rasd: {error}", file=sys.stderr)
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
