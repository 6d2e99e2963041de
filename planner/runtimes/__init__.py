"""What can be told to use a mirror of Docker Hub: one module for each, found by name."""
