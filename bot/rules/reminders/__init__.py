"""Reminders: deadlines, ladders, the daily message, escalation, the weekly digest."""
