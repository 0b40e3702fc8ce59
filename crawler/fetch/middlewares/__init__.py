"""Downloader middlewares. ``crawler.settings`` gives their order; a request passes them downwards,
its response upwards.

::

     50  url_policy      what a URL alone can tell: form, site, port, downgrade
     55  budget          what one source may cost one crawl
     60  retry_after     hosts that asked for time (RFC 9110 §10.2.3)
     70  languages       Accept-Language: the source's languages (RFC 9110 §12.5.4)
    100  robots          robots.txt (RFC 9309)
    580  refresh         pages that only lead elsewhere
    590  decompression   at most two content codings, limited size (RFC 9110 §8.4)
    600  redirects       at most five, to URLs that all parsers read alike (RFC 9110 §15.4)
    700  javascript      pages that exist only by script
"""
