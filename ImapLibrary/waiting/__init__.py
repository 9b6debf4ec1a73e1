"""Emails that are to come, or to go."""
