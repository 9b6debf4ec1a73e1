"""The connection to an IMAP server (RFC 9051), up to what is asked of one folder."""
