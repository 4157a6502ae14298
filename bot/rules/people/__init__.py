"""People: accounts, roles, absences and who stands in, who is responsible."""
