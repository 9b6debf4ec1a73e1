*** Settings ***
Documentation    A suite for ImapLibrary2 that visits the parts of emails.

Library          String
Library          ImapLibrary    AS    ImapLibrary2
Library    ../../resources/Delivery.py    ${HOST}
...        ${DELIVERY_PORT}
...        ${DELIVERY}
...        ${PASSWORD}
...        ${ACCOUNTS_URL}

Test Setup       Open The Mailbox    multipart@example.com
Test Teardown    Close Mailbox


*** Variables ***
${HTML}    <p>Grüße! Your code is <b>4711</b>.</p>


*** Test Cases ***
Read The HTML Part
    Deliver Email    to=multipart@example.com    subject=Code    text=Your code is 4711.    html=${HTML}
    ${LATEST} =    Wait For Email    sender=noreply@shop.example    subject=Code    timeout=60
    ${parts} =    Walk Multipart Email    ${LATEST}
    Should Be Equal As Integers    ${parts}    2
    @{fields} =    Get Multipart Field Names
    ${from} =    Get Multipart Field    From
    ${to} =    Get Multipart Field    To
    ${subject} =    Get Multipart Field    Subject
    Should Contain    ${fields}    Subject
    Should Contain    ${from}    noreply@shop.example
    Should Be Equal    ${to} ${subject}    multipart@example.com Code
    FOR    ${i}    IN RANGE    ${parts}
        Walk Multipart Email    ${LATEST}
        ${content-type} =    Get Multipart Content Type
        Continue For Loop If    '${content-type}' != 'text/html'
        ${charset} =    Get Multipart Param    charset
        ${payload} =    Get Multipart Payload    decode=True
        Should Contain    ${payload}    Grüße! Your code is <b>4711</b>
        Should Be Equal    ${charset}    utf-8
        ${body} =    Get Email Body    ${LATEST}
        Should Be Equal    ${body}    ${payload}
        ${code} =    Get Matches From Email    ${LATEST}    <b>(\\d+)</b>
        Should Be Equal    ${code}[0]    4711
    END
    Should Be Equal    ${payload.strip()}    ${HTML}
    ${more} =    Walk Multipart Email    ${LATEST}
    Should Not Be True    ${more}

Read The Text As It Was Sent
    Deliver Email    to=multipart@example.com    subject=Grüße    text=Grüße    html=<p>Grüße</p>
    ${LATEST} =    Wait For Email    sender=noreply@shop.example    subject=Grüße    timeout=60
    Walk Multipart Email    ${LATEST}
    ${container} =    Get Multipart Payload    decode=True
    Should Be Equal    ${container}    ${None}
    Walk Multipart Email    ${LATEST}
    ${sent} =    Get Multipart Payload
    Should Not Contain    ${sent}    Grüße
    ${text} =    Get Multipart Payload    decode=${True}
    Should Be Equal    ${text.strip()}    Grüße
    ${none} =    Get Multipart Field    X-Not-There
    Should Be Equal    ${none}    ${None}

Visit Two Emails By Turns In Two Mailboxes
    Deliver Email    to=multipart@example.com    subject=Here    text=A    html=<p>B</p>
    ${here} =    Wait For Email    subject=Here    timeout=60
    Walk Multipart Email    ${here}
    Walk Multipart Email    ${here}
    Open The Mailbox    multipart-2@example.com
    Deliver Email    to=multipart-2@example.com    subject=There    text=C    html=<p>D</p>
    ${there} =    Wait For Email    subject=There    timeout=60
    Walk Multipart Email    ${there}
    ${type} =    Get Multipart Content Type
    Should Be Equal    ${type}    multipart/alternative
    Switch Mailbox    multipart@example.com
    ${payload} =    Get Multipart Payload    decode=True
    Should Be Equal    ${payload.strip()}    A
    Walk Multipart Email    ${here}
    ${type} =    Get Multipart Content Type
    Should Be Equal    ${type}    text/html
    [Teardown]    Run Keywords    Close Mailbox    AND    Close Mailbox


*** Keywords ***
Open The Mailbox
    [Arguments]    ${user}
    Create Account    ${user}
    Open Mailbox    host=${HOST}    user=${user}    password=${PASSWORD}    is_secure=False    port=${IMAP_PORT}
