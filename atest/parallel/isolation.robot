*** Settings ***
Documentation     Tests that run at the same time on one mailbox, each with an address of its own.
...
...               ``suites/parallel.robot`` runs this suite several times at once. All its emails look
...               alike but for the address that they are for.

Library           ImapLibrary    timeout=60 s
Library           ../resources/Delivery.py    ${HOST}    ${DELIVERY_PORT}    ${DELIVERY}    ${PASSWORD}

Suite Setup       Open Mailbox    ${HOST}    ${SHARED}    ${PASSWORD}    port=${IMAP_PORT}    security=NONE
Suite Teardown    Close All Mailboxes
Test Template     The Test Gets Its Own Email


*** Test Cases ***
Test 1    Confirm your address
Test 2    Confirm your address
Test 3    Confirm your address
Test 4    Confirm your address
Test 5    Confirm your address
Test 6    Confirm your address
Test 7    Confirm your address
Test 8    Confirm your address
Test 9    Confirm your address
Test 10    Confirm your address
Test 11    Confirm your address
Test 12    Confirm your address
Test 13    Confirm your address
Test 14    Confirm your address
Test 15    Confirm your address
Test 16    Confirm your address
Test 17    Confirm your address
Test 18    Confirm your address
Test 19    Confirm your address
Test 20    Confirm your address
Test 21    Confirm your address
Test 22    Confirm your address
Test 23    Confirm your address
Test 24    Confirm your address
Test 25    Confirm your address


*** Keywords ***
The Test Gets Its Own Email
    [Arguments]    ${subject}
    ${address} =    Get Unique Email Address
    Deliver Email    to=${address}    subject=${subject}    text=This is for ${address}.
    ${email} =    Wait For Email    recipient=${address}    subject=${subject}
    ${body} =    Get Email Body    ${email}
    Should Be Equal    ${body}    This is for ${address}.
    ${count} =    Get Email Count    recipient=${address}
    Should Be Equal As Integers    ${count}    1
