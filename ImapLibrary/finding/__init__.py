"""Emails that are there: fetched, searched, tested."""
