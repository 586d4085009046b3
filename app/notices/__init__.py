"""Notices: what somebody should know who is not looking there just now, told inside the application."""
