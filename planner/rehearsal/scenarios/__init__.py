"""What can go wrong in a rehearsal: a module for each, with the constant SCENARIO."""
