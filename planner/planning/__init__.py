"""What becomes of each image, and why: the parts of a plan. Pure, but that prices are read from a file."""
