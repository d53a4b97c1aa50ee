"""How well the tutor decides: a wing for each thing that is measured, its data beside it, and the fits of parameters."""
