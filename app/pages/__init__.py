"""The pages of the product itself: start, help, notices, health and measures."""
