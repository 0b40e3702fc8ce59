"""A digest: composed from articles, worded and rendered as a mail. Pure."""
