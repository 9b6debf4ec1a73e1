*** Settings ***
Documentation    Names and arguments of the older libraries, where these differ from today's.
...
...              Whole suites in their style are in ``older``. What visits the parts of emails is in
...              ``multipart.robot``, and what the migration guide says in ``migrating.robot``.
