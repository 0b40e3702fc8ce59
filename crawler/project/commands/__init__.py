"""Scrapy's commands with our application around them: a module a command, found by Scrapy's
``COMMANDS_MODULE``. A command without a module here is Scrapy's own."""
