"""What a gate decides by: baselines, plans, places and edits."""
