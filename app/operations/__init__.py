"""What administration sees of the running system: workers, jobs, timers, database, backups; nothing of any client."""
