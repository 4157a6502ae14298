"""Reports: status, lists and exports."""
