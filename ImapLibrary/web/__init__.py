"""Following the links of emails."""
