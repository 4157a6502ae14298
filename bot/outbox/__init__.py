"""Messages go out from here: what the database says is to be said reaches Slack, in order and at its pace."""
