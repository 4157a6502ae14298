"""What waits to be said in Slack, and what became of it."""
