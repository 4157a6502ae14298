"""The command line: ``main`` parses and calls; the rest is what the commands share."""
