"""The verbs for work on a topic: judge, measure, fit, draft."""
