"""The domain: clients, cases, routes, plans, placements; where rules and processes meet."""
