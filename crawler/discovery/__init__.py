"""Find and try the feeds of sites without a seed file. Pure."""
