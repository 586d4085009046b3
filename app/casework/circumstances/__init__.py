"""Circumstances: a client's benefits, unemployment, fitness for work and availability, with dates."""
