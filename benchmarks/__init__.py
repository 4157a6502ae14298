"""What Credbot claims about its speed, as ratios measured in one run. ``make bench`` runs all of it."""
