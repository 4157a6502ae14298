"""Mistakes in a file: corrected, taken back, or moved to whom they belong. What was there before stays on record."""
