"""The sandbox's page: what a person without Slack uses."""
