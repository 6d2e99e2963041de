"""Records of outcomes: where they are kept while a run goes on, and what several records come to."""
