"""The mock interview: choose questions, ask one at a time, follow up on what was missed, report at the end."""
