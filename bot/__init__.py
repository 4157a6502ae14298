"""Credbot: a Slack bot for healthcare credentialing teams. It records, nudges and routes."""

__version__ = "0.1.0"
