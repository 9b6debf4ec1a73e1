*** Settings ***
Documentation    What ``python -m ImapLibrary check`` tells of a mailbox on a real server.

Resource         ../resources/mailbox.resource
Library          Process

Suite Setup      Create Account    doctor@example.com


*** Test Cases ***
Plain Text
    ${told} =    Check    0    --port    ${IMAP_PORT}    --security    none
    Should Match Regexp    ${told}    (?m)^OK\\s+Log-in: doctor@example.com is let in\\.
    Should Match Regexp    ${told}    (?m)^OK\\s+Push: The server announces an email within \\d+ ms
    Should Match Regexp    ${told}    (?m)^OK\\s+Clock:
    Should Match Regexp    ${told}    (?m)^OK\\s+Search: The server finds text outside ASCII
    Should Contain    ${told}    Open Mailbox${SPACE * 4}${HOST}${SPACE * 4}doctor@example.com

TLS
    ${told} =    Check    0    --port    ${IMAPS_PORT}    --verify    ${CA_FILE}
    Should Match Regexp    ${told}    (?m)^OK\\s+TLS: TLSv1\\.\\d\\. The certificate of .* is trusted, until

A Certificate That Nobody Vouches For
    ${told} =    Check    1    --port    ${IMAPS_PORT}
    Should Match Regexp    ${told}    (?m)^FAILED\\s+TLS: The certificate of .* is not trusted

Nothing Is Left Over
    Check    0    --port    ${IMAP_PORT}    --security    none
    Open Mailbox    ${HOST}    doctor@example.com    ${PASSWORD}
    ...    port=${IMAP_PORT}    security=NONE
    ${count} =    Get Email Count
    Should Be Equal As Integers    ${count}    0
    ${folders} =    List Folders
    Should Not Contain    ${{' '.join(map(str, $folders))}}    ImapLibrary-check
    [Teardown]    Close All Mailboxes


*** Keywords ***
Check
    [Documentation]    Returns what it prints, when it has ended with the exit code.
    [Arguments]    ${code}    @{arguments}
    ${run} =    Run Process    ${{sys.executable}}    -m    ImapLibrary    check
    ...    --host    ${HOST}    --user    doctor@example.com    @{arguments}
    ...    env:IMAP_PASSWORD=${PASSWORD}    stderr=STDOUT    timeout=1 min
    Should Be Equal As Integers    ${run.rc}    ${code}    ${run.stdout}
    RETURN    ${run.stdout}
