"""Articles about the same event: signatures of texts, and the grouping of copies. Pure."""
