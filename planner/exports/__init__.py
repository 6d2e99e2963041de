"""Exports: a plan as files for other tools."""
