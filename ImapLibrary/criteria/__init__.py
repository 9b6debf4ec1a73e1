"""What an email must be like."""
