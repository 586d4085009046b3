"""Accounts, logins and sessions of the staff."""
