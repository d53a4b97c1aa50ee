"""The browser UI: one file per tab, pure rendering apart, every label in two languages."""
