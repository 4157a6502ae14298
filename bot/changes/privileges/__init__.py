"""Privileges: requests, steps, votes, grants and lapses."""
