"""What is wrong with a machine that pulls images: pure functions from what it has to findings."""
