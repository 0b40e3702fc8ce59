"""Finding and trying the feeds of a site that no seed names yet. Pure."""
