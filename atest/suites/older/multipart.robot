*** Settings ***
Documentation    A suite for ImapLibrary2 that visits the parts of emails.

Library          String
Library          ImapLibrary    AS    ImapLibrary2
Library    ../../resources/Delivery.py    ${HOST}
...        ${DELIVERY_PORT}
...        ${DELIVERY}
...        ${PASSWORD}
...        ${ACCOUNTS_URL}

Test Setup       Open The Mailbox
Test Teardown    Close Mailbox


*** Variables ***
${USER}    multipart@example.com
${HTML}    <p>Grüße! Your code is <b>4711</b>.</p>


*** Test Cases ***
Read The HTML Part
    Deliver Email    to=${USER}    subject=Code    text=Your code is 4711.    html=${HTML}
    ${LATEST} =    Wait For Email    sender=noreply@shop.example    subject=Code    timeout=60
    ${parts} =    Walk Multipart Email    ${LATEST}
    Should Be Equal As Integers    ${parts}    2
    @{fields} =    Get Multipart Field Names
    ${from} =    Get Multipart Field    From
    ${to} =    Get Multipart Field    To
    ${subject} =    Get Multipart Field    Subject
    Should Contain    ${fields}    Subject
    Should Contain    ${from}    noreply@shop.example
    Should Be Equal    ${to} ${subject}    ${USER} Code
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

Read The Text Part
    Deliver Email    to=${USER}    subject=Grüße    text=Grüße    html=<p>Grüße</p>
    ${LATEST} =    Wait For Email    sender=noreply@shop.example    subject=Grüße    utf-8=True    timeout=60
    Walk Multipart Email    ${LATEST}
    ${container} =    Get Multipart Payload    decode=True
    Should Be Equal    ${container}    ${None}
    Walk Multipart Email    ${LATEST}
    ${text} =    Get Multipart Payload    decode=${True}
    Should Be Equal    ${text.strip()}    Grüße
    ${none} =    Get Multipart Field    X-Not-There
    Should Be Equal    ${none}    ${None}


*** Keywords ***
Open The Mailbox
    Create Account    ${USER}
    Open Mailbox    host=${HOST}    user=${USER}    password=${PASSWORD}    is_secure=False    port=${IMAP_PORT}
