"""A strict Slack workspace on a laptop; it knows nothing of the bot that visits it."""
