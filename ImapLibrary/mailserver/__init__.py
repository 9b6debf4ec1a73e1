"""The embedded mail server."""
