*** Settings ***
Documentation     The shop confirms a sign-up by email.

Library           ImapLibrary    timeout=30 s
Library           shop.py

Suite Setup       Open The Mailbox
Suite Teardown    Close All Mailboxes


*** Variables ***
# Without IMAP_HOST, the suite starts a mail server of its own.
${IMAP_HOST}    ${EMPTY}
${IMAP_PORT}    993
${SECURITY}     TLS
${SMTP_HOST}    ${IMAP_HOST}
${SMTP_PORT}    587
${SMTP_USER}    ${EMPTY}
${USER}         qa@example.com
${PASSWORD}     %{MAIL_PASSWORD=anything}


*** Test Cases ***
The Shop Asks To Confirm The Address
    Mark All As Read
    Sign Up    ${USER}    ${SMTP_HOST}    ${SMTP_PORT}    ${SMTP_USER}    ${PASSWORD}
    ${email} =    Wait For Email    subject=Confirm your address    status=UNSEEN
    Should Be Equal    ${email.sender_name}    The Shop
    ${body} =    Get Email Body    ${email}
    Should Contain    ${body}    https://shop.example/confirm


*** Keywords ***
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
