"""The verbs that read pages, and golden pages."""
