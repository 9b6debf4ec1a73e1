*** Settings ***
Documentation    A suite for the ImapLibrary of 2016.

Library          Collections
Library          ImapLibrary
Library    ../../resources/Delivery.py    ${HOST}
...        ${DELIVERY_PORT}
...        ${DELIVERY}
...        ${PASSWORD}
...        ${ACCOUNTS_URL}

Suite Setup      Create Customer
Test Teardown    Close Mailbox


*** Variables ***
${CUSTOMER}     imaplibrary-customer@example.com
${SHOP}         noreply@shop.example
${SIGNED_UP}    <p>Hi!</p><a href="https://shop.example/confirm?a=1&amp;b=2">Confirm</a> <a href='mailto:${SHOP}'>Ask</a>


*** Test Cases ***
Email Verification
    Open Mailbox    server=${HOST}    user=${CUSTOMER}    password=${PASSWORD}    port=${IMAP_PORT}    is_secure=False
    Mark All Emails As Read
    Sign Up
    ${LATEST} =    Wait For Email    fromEmail=${SHOP}    toEmail=${CUSTOMER}    status=UNSEEN    timeout=60
    Should Be True    ${LATEST} > 0
    ${body} =    Get Email Body    ${LATEST}
    Should Contain    ${body}    Hi!
    ${links} =    Get Links From Email    ${LATEST}
    Should Start With    ${links}[0]    https://shop.example/confirm?a=1
    Should Be Equal    ${links}[1]    mailto:${SHOP}
    Run Keyword And Expect Error    Link number 5 not found!*    Open Link From Email    ${LATEST}    5

Code From The Email
    Open Mailbox    host=${HOST}    user=${CUSTOMER}    password=${PASSWORD}    is_secure=${False}    port=${IMAP_PORT}
    Mark As Read
    Deliver Email    to=${CUSTOMER}    subject=Your code    text=Your code is 4711, or 0815.
    ${index} =    Wait For Email    from_email=${SHOP}    subject=Your code    poll_frequency=1    timeout=60
    ${codes} =    Get Matches From Email    ${index}    \\d{4}
    Should Be Equal    ${codes}[0]    4711
    ${count} =    Get Length    ${codes}
    Should Be Equal As Integers    ${count}    2

Remove What Was Read
    Open Mailbox    host=${HOST}    user=${CUSTOMER}    password=${PASSWORD}    is_secure=False    port=${IMAP_PORT}
    Deliver Email    to=${CUSTOMER}    subject=To be removed
    ${index} =    Wait For Email    subject=To be removed    timeout=60
    Mark Email As Read    ${index}
    Delete Email    email_index=${index}
    ${passed} =    Run Keyword And Return Status    Wait For Email    subject=To be removed    timeout=0
    Should Not Be True    ${passed}
    Delete All Emails
    ${passed} =    Run Keyword And Return Status    Wait For Email    sender=${SHOP}    timeout=0
    Should Not Be True    ${passed}

Nothing Comes
    Open Mailbox    host=${HOST}    user=${CUSTOMER}    password=${PASSWORD}    is_secure=no    port=${IMAP_PORT}
    Run Keyword And Expect Error    No email received within 1s*
    ...    Wait For Email    sender=nobody@shop.example    timeout=1
    ${passed} =    Run Keyword And Return Status    Wait For Email    toemail=nobody@example.com    timeout=0
    Should Not Be True    ${passed}


*** Keywords ***
Create Customer
    Create Account    ${CUSTOMER}

Sign Up
    Deliver Email    to=${CUSTOMER}    subject=Welcome    text=${NONE}    html=${SIGNED_UP}
