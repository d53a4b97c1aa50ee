"""Files -> passages in the index: load, clean, split, and keep in step with the disk."""
