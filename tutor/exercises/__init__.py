"""Code exercises: their form, running a learner's code safely, judging what it returns."""
