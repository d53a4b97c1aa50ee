"""Measures whether a text says something: support of answers, contradictions of the bank, with judged sentences."""
