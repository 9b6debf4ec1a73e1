"""The keywords, one class a theme. Each finds its mailbox, calls the core, logs and returns."""
