*** Settings ***
Documentation    The same suites for every server; a tag says what a server can't do.

Test Timeout     2 minutes
