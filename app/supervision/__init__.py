"""What stands still in the office, why, and who must move."""
