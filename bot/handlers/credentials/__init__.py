"""Credentials: recording, renewing, verifying, and what does not agree with its source."""
