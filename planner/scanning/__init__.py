"""From files to findings: which formats read a file, and what their candidates are."""
