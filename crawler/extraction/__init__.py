"""From a page to an article: finding its text, headline, authors and date. Pure."""
