"""Figures: what happened, counted."""
