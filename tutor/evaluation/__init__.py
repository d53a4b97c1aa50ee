"""Measurements of retrieval and grading, and the scripts that fit their parameters."""
