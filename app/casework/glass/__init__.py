"""Breaking the glass: somebody opens a closed category of a case for a short time, gives the reason, and is seen."""
