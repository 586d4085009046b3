"""Partners, staff, posts, calendar, agreement and clock of the joint office."""
