"""A small newspaper group in three languages, written by us, served on loopback."""
