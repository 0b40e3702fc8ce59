"""Searches with a name as ``rasd saved`` shows them: what each means and what it brings."""
