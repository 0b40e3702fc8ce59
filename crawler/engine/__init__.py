"""Where polls run: ``embedded`` in this process."""
