"""Headlines: the headings that a page shows, the names of its outlet, the choice among them all."""
