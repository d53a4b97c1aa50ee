"""A PDF -> Markdown-like text: `read` is the door."""
