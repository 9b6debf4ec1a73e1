"""An email, and what a person reads in it."""
