"""What people of the workspace see and do."""
