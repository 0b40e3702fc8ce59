"""A scripted fortnight of a desk: ``tests.acceptance.test_fortnight`` runs it.

    outlets (``newsstand``) with stories (``stories``) ─► the daemon on a virtual clock (``machine``)
        ▲                                                      │
    events (``script``, at the moments of ``calendar``) ◄──────┴──► the account (``account``)

The machine's time passes in steps; a poll, a page, a mail is real. Where a process matters (a kill,
a start after it), the installed ``rasd run`` takes over for a while, on the system's clock.
"""
