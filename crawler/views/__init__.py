"""What the command line and the web show: data first, then a table of it."""
