"""What outlives a session: the place in it (checkpoint), its events (journal) and what was done (history)."""
