"""The whole text of which a page shows a stub: in the data for its scripts, JSON-LD, the feed.

::

    page ─► scripts ─► values (JSON, strings of scripts) ─► paragraphs ─► stubs: is it the whole?

Next, Nuxt and other frameworks send the article as data and let the browser draw it. A page that
was not drawn on the server, or only in part, shows less than it holds.
"""
