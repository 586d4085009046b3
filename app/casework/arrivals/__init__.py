"""Arrivals: client records that are imported now, or turn up when the office clock reaches their day."""
