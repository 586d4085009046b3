"""The desk of a member of staff: drafts, unread marks and saved filters."""
