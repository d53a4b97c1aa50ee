"""Statistics that every wing of the evaluation uses: agreement, logistic fits, tables."""
