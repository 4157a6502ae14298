"""The import of a roster file: read, matched, written."""
