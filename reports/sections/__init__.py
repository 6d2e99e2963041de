"""What the report of each document says: one module for each, with `report(document)`."""
