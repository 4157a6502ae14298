"""What the clock starts; ``schedule.py`` lists every job on one page."""
