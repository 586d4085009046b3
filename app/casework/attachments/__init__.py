"""Attachments: files that people hand in with the form of a task; sealed, and read like the rest of the case."""
