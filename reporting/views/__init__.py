"""Pages of the figures: they ask, they show, they hold no rule."""
