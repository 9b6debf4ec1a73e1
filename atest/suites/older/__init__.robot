*** Settings ***
Documentation    Suites as they are written for the older libraries: in their style, with their names
...              and arguments. Only the import of ImapLibrary2 has become another line.
