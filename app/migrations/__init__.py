"""Migrations of the database; the numbers say the order."""
