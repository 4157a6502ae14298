"""Words as people type them, and what they mean."""
