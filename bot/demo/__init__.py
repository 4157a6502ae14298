"""A clinic to play in: a workspace on this machine, its people and their files, and the real bot. All invented."""
