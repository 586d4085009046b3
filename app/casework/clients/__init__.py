"""Clients: the persons the office serves, their numbers at both agencies, and who may be the same person."""
