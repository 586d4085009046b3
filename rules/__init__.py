"""Turns facts about a person into a decision with reasons; knows no database and no web page."""
