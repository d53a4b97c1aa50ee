"""What runs in the learner's process: lock down, call the function, send back values. Knows no expected value."""
