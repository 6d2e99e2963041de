"""One module for each kind of place in which one text serves many references: `CENTRAL = Central(…)`."""
