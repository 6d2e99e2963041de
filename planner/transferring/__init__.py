"""How transfers are made: copies, what is attached to them, chosen platforms, warm-ups."""
