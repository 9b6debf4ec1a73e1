*** Settings ***
Documentation     A keyword of the suite's own stands beside those of the library.

Library           ImapLibrary    timeout=30 s    plugins=${CURDIR}/OrderNumbers.py;prefix=B
Library           invoicing.py

Suite Setup       Open Server And Mailbox    clerk@example.com
Suite Teardown    Close All Mailboxes


*** Test Cases ***
The Invoice Names The Order
    Send Invoice    clerk@example.com    a lamp (order B-004711)
    ...    ${SERVER.host}    ${SERVER.smtp_port}
    ${email} =    Wait For Email    subject=a lamp
    ${number} =    Get Order Number    ${email}
    Should Be Equal    ${number}    B-004711


*** Keywords ***
Open Server And Mailbox
    [Arguments]    ${address}
    ${server} =    Start Mail Server
    VAR    ${SERVER}    ${server}    scope=SUITE
    Open Mailbox    ${SERVER.host}    ${address}    anything
    ...    port=${SERVER.imap_port}    security=NONE
