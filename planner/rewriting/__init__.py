"""How a plan's rewrites become edits of texts, and those become files or patches."""
