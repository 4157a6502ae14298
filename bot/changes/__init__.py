"""One function per change of state: asks a rule, claims, audits, says what must be told; knows no Slack."""
