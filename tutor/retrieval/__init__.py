"""Finding passages: Chroma for meaning, BM25 for words, fused; and deciding in code whether the material can answer."""
