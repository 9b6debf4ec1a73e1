*** Settings ***
Documentation     A suite for ImapLibrary2, with keywords and a library of its own.

Library           ImapLibrary    AS    ImapLibrary2
Library           ${CURDIR}/OwnLibrary.py
Library    ../../resources/Delivery.py    ${HOST}
...        ${DELIVERY_PORT}
...        ${DELIVERY}
...        ${PASSWORD}
...        ${ACCOUNTS_URL}

Suite Setup       Open The Mailbox
Suite Teardown    Close Mailbox
Test Setup        Delete All Emails


*** Variables ***
${USER}    own_keywords@example.com


*** Test Cases ***
Keywords Of The Suite Take What Is Called Like An Old One
    ${what}=    Get Attachments From Email    email_index=7
    Should Be Equal    ${what}    Attachments, 7

Own Library Takes It By Its Name
    Deliver Email    to=${USER}    subject=Mine
    Wait For Email    toEmail=${USER}
    ...               utf-8=True    # in any language
    ...               subject=Mine
    ${n}=    Count Of Emails
    Should Be Equal As Integers    ${n}    1

Count In One Line And In Several
    Deliver Email    to=${USER}    subject=Counted
    ${LATEST}=    Wait For Email    subject=Counted    timeout=60
    ${n}=    Get Email Count
    ...      utf-8=True
    Should Be Equal As Integers    ${n}    1
    ${n}=    IF    ${n}    Get Email Count    folder=INBOX
    ...    utf-8=True    ELSE    Wait For Mail    timeout=0
    Should Be Equal As Integers    ${n}    1
| | ${n}= | IF | ${n} | Get Email Count | ELSE | Mark As Read |
|    | Should Be Equal As Integers | ${n} | 1 |
|    | ${n}= | Get Email Count | folder=INBOX |
|    | ...   | utf-8=True      | # in pipes   |
|    | Should Be Equal As Integers | ${n} | 1 |


*** Keywords ***
Open The Mailbox
    Create Account    ${USER}
    Open Mailbox    host=${HOST}    user=${USER}    password=${PASSWORD}    port=${IMAP_PORT}    is_secure=${None}

Get ${what} From Email
    [Arguments]    ${email_index}
    RETURN    ${what}, ${email_index}
