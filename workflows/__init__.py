"""The host of processes: runs any BPMN, knows no client, no web page and no rule."""
