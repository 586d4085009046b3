"""Plans: help plan and agreement with both sides' duties, proposals to employers, and integrations."""
