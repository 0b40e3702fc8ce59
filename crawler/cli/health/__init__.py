"""The verbs that say how the watch and its installation are."""
