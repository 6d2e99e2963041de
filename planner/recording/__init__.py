"""Records of outcomes: where they are kept while they happen, and what many of them come to."""
