"""Pages of figures and of what they need."""
