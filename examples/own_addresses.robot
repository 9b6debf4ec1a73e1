*** Settings ***
Documentation     Tests that share a mailbox, at the same time or not, each with its own address.

Library           ImapLibrary    timeout=30 s
Library           shop.py

Suite Setup       Open The Mailbox
Suite Teardown    Close All Mailboxes
Test Template     Only The Email Of This Test Counts


*** Variables ***
# Without IMAP_HOST, the suite starts a mail server of its own.
${IMAP_HOST}    ${EMPTY}
${IMAP_PORT}    993
${SECURITY}     TLS
${SMTP_HOST}    ${IMAP_HOST}
${SMTP_PORT}    587
${USER}         qa@example.com
${PASSWORD}     %{MAIL_PASSWORD=anything}


*** Test Cases ***
First Customer    Confirm your address
Second Customer    Confirm your address
Third Customer    Confirm your address


*** Keywords ***
Only The Email Of This Test Counts
    [Arguments]    ${subject}
    ${address} =    Get Unique Email Address
    Sign Up    ${address}    ${SMTP_HOST}    ${SMTP_PORT}
    ${email} =    Wait For Email    recipient=${address}    subject=${subject}
    ${count} =    Get Email Count    recipient=${address}
    Should Be Equal As Integers    ${count}    1
    Delete Email    ${email}

Open The Mailbox
    IF    not $IMAP_HOST    Start A Mail Server
    Open Mailbox    ${IMAP_HOST}    ${USER}    ${PASSWORD}
    ...    port=${IMAP_PORT}    security=${SECURITY}

Start A Mail Server
    ${server} =    Start Mail Server
    VAR    ${IMAP_HOST}    ${server.host}    scope=SUITE
    VAR    ${IMAP_PORT}    ${server.imap_port}    scope=SUITE
    VAR    ${SECURITY}    NONE    scope=SUITE
    VAR    ${SMTP_HOST}    ${server.host}    scope=SUITE
    VAR    ${SMTP_PORT}    ${server.smtp_port}    scope=SUITE
