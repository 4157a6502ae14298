"""Rows in, values out. Functions take an open session and never commit."""
