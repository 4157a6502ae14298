"""How the workspace and the app reach each other: Socket Mode, HTTP, acknowledgements, response URLs."""
