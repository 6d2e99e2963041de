"""One module for each output of a report."""
