"""The domain's rules: pure functions over frozen values; no Slack, session, clock or I/O."""
