"""The office: its people, clients, cases, pages and commands."""
