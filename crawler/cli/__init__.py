"""The ``rasd`` command: one module a group of verbs, each thin."""
