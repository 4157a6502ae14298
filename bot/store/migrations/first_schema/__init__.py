"""The tables of the first release, an area a module."""
