"""The verbs that find articles in the archive."""
