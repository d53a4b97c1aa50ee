"""Calculations that are computed: formulas with units."""
