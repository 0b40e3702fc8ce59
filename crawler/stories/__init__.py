"""Articles that tell the same event: fingerprints and copies. Pure."""
