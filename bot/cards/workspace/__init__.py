"""The bot's own life: health, alerts, undeliverable messages, settings."""
