"""Process designers draw, check and keep drafts of the processes; nothing here touches a case."""
