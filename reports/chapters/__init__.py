"""One module for each chapter of the report on a whole migration."""
