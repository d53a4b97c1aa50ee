"""Measures what reading loses: every word of a file is looked for in its passages, with a reading of its own."""
