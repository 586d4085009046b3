"""Interventions in running cases: who may do what, what it would lead to, and the second person where one is needed."""
