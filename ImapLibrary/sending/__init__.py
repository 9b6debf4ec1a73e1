"""An email from its fields to the SMTP server."""
