"""The archive on SQLite or PostgreSQL: tables, migrations, and a class for each part of what is
stored.

It knows the records of ``crawler.model`` and nothing of the crawl. ``archive`` opens and composes
it; ``Transactions`` says how methods begin and end; the other classes work on the same engine.
"""
