"""The only doors to language models, embedders, rerankers and their weights."""
