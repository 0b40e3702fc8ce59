"""Downloader middlewares, in the order that ``crawler.settings`` lists them."""
