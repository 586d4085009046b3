"""Records: what was written about a case, by whom, in which category of sensitivity, and who read it."""
