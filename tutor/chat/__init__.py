"""Cited answers with memory: condense, retrieve, decide, answer, cite; composed from langchain-core runnables."""
