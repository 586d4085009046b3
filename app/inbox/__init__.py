"""The task inbox of each role."""
