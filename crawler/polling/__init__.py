"""When a feed is polled, what a poll saw, and what it proves about gaps. Pure."""
