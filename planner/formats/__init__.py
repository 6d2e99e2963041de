"""One module for each kind of file that names images."""
