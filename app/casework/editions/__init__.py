"""The rule books that came into force after the one of the profile."""
