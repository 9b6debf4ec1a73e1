"""HTML -> what a browser would show of it."""
