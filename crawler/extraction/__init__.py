"""From a page to an article: its text, headline, authors and date. Pure."""
