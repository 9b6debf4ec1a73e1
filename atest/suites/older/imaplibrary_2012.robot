*** Settings ***
Documentation    A suite for the ImapLibrary of 2012, which took arguments by position.

Library          ImapLibrary
Library    ../../resources/Delivery.py    ${HOST}
...        ${DELIVERY_PORT}
...        ${DELIVERY}
...        ${PASSWORD}
...        ${ACCOUNTS_URL}

Suite Setup      Create Account    ${CUSTOMER}
Test Teardown    Close Mailbox


*** Variables ***
${CUSTOMER}     imaplibrary-2012@example.com
${SHOP}         noreply@shop.example
${SIGNED_UP}    <p>Hi!</p><a href="https://shop.example/confirm?id=1">Confirm</a> <a href='mailto:${SHOP}'>Ask</a>


*** Test Cases ***
Email Verification
    Open Mailbox    ${HOST}    ${CUSTOMER}    ${PASSWORD}    port=${IMAP_PORT}    is_secure=False
    Deliver Email    to=${CUSTOMER}    subject=Welcome    text=${NONE}    html=${SIGNED_UP}
    ${LATEST} =    Wait For Mail    ${SHOP}    ${CUSTOMER}    UNSEEN    60
    ${links} =    Get Links From Email    ${LATEST}
    Should Be Equal    ${links}[0]    https://shop.example/confirm?id=1
    Should Be Equal    ${links}[1]    mailto:${SHOP}
    Run Keyword And Expect Error    Link number 2 not found!*    Open Link From Mail    ${LATEST}    2

Nothing Is Left To Verify
    Open Mailbox    ${HOST}    ${CUSTOMER}    ${PASSWORD}    port=${IMAP_PORT}    is_secure=False
    Mark As Read
    Run Keyword And Expect Error    No email received within 1s*
    ...    Wait For Mail    ${SHOP}    ${CUSTOMER}    UNSEEN    1
