"""Block Kit's limits, and the check of every payload against them."""
