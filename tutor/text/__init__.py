"""What code must know about Chinese and English text: language, sentences, terms, numbers, size. Pure functions."""
