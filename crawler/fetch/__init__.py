"""Where rasd meets Scrapy and the network: download handlers, the SSRF guard, middlewares, browser,
and the proofs that our hooks into Scrapy and Twisted work."""
