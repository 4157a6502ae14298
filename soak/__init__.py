"""The bot's processes at work for some minutes while everything goes wrong, and what must hold afterwards.

``make soak`` runs it; docs/faults.md says what it does. One seed is one plan of what people do and what goes wrong.
"""
