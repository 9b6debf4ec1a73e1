"""Bytes -> headers, parts and text, as they come rather than as they should (RFC 2045 to 2047)."""
