"""Meetings of the office (§ 8 of the agreement, R72): series, agenda, minutes, decisions, tasks."""
