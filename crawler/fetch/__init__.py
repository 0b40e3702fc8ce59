"""Scrapy's edge: handlers, the network guard, middlewares, browser, block pages."""
