"""Corrections: what was put right about a client after registration, by whom, why, and what stood there before."""
