*** Settings ***
Documentation    The first suite of README and tutorial, on a server that is not its own.
...
...              It is told by variables where that is, as in the recipe for GreenMail.

Library          Process
Resource         ../resources/mailbox.resource

Test Tags        not-dovecot    not-cyrus    not-courier


*** Test Cases ***
The First Suite Passes On Any Server
    Create Account    qa@example.com
    ${run} =    Run Process    ${{sys.executable}}    -m    robot    --outputdir    ${OUTPUT DIR}/tutorial
    ...    -v    IMAP_HOST:${HOST}    -v    IMAP_PORT:${IMAP_PORT}    -v    SECURITY:NONE
    ...    -v    SMTP_PORT:${DELIVERY_PORT}    first_email.robot
    ...    cwd=${CURDIR}/../../examples    env:MAIL_PASSWORD=${PASSWORD}    stderr=STDOUT
    Should Be Equal As Integers    ${run.rc}    0    ${run.stdout}
    Should Contain    ${run.stdout}    1 test, 1 passed, 0 failed
