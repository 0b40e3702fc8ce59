"""The ``rasd`` command: verbs from ``cli``, expected errors as one line and an exit code."""

from __future__ import annotations

import gc
import sys
from contextlib import suppress


def main() -> None:
    """Run the command line; a RasdError ends it with its message and code, no traceback.

    While modules are imported, no garbage is looked for: there is next to none, and the looking is
    a tenth of the start.
    """
    gc.disable()
    from crawler.cli import output
    from crawler.cli.main import commands
    from crawler.errors import RasdError

    output.open_standard_streams()
    output.prepare_streams()
    try:
        commands()
    except RasdError as error:
        with suppress(OSError):  # a full log: the code says it
            output.say(f"rasd: {error}", err=True)
        sys.exit(error.exit_code)
    except Exception as fault:
        output.say_fault(fault)
        sys.exit(1)


if __name__ == "__main__":
    main()
