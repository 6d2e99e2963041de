"""Documents turned into tables and into output for people and programs."""
