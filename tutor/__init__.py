"""An interview tutor for LLM and NLP engineers: cited answers, graded mock interviews, all on a laptop."""
