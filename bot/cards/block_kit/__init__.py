"""Block Kit within Slack's limits: what every card and form is made of."""
