"""rasd as a Scrapy project: what the ``scrapy`` command has beyond the daemon's crawls.

``settings`` is the settings module that ``scrapy.cfg`` names, ``commands`` are Scrapy's own with
our application opened around them, ``items`` makes the item that exporters and users' pipelines
get. ``docs/how-to/for-scrapy-users.md`` describes it for people.
"""
