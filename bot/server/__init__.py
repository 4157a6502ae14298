"""Starting and stopping, HTTP and Socket Mode, and what an operator reads of the bot's health."""
