"""The question bank: its form, loading it, checking it."""
