"""The values every stage reads and writes; no input or output here."""
