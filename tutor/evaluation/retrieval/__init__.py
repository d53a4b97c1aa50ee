"""Measures what is found: which entry, follow-ups, and the decision on scope, with the questions it is measured on."""
