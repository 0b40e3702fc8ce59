"""What a view prints on a wide terminal."""

from __future__ import annotations

from rich.console import Console, RenderableType


def printed(thing: RenderableType) -> str:
    """The text of a view on a terminal of 200 columns."""
    console = Console(width=200)
    with console.capture() as captured:
        console.print(thing)
    return captured.get()
