"""What changes a mailbox: flags, deleting, moving, appending."""
