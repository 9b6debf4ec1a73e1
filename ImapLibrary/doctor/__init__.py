"""Whether a test could run on a mailbox: `python -m ImapLibrary check`."""
