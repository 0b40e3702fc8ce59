"""Bytes of a feed, sitemap, listing or API to a ``FeedWindow``; one module a kind. Pure."""
