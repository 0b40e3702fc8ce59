"""The archive: tables, transactions, search, migrations. Knows the nouns and nothing of the crawl."""
