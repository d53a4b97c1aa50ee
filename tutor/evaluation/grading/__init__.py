"""Measures grades against examiners, and fits the parameters of the grader, with the attempts they rated."""
