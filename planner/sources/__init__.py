"""Where the texts of a scan come from."""
