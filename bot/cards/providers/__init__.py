"""Providers: profile, employment status, leave, end and return."""
