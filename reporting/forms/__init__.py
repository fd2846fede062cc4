"""What is typed about figures and about what they need."""
