*** Settings ***
Documentation     A suite for ImapLibrary2.

Library           ImapLibrary    AS    ImapLibrary2
Library           OperatingSystem
Library    ../../resources/Delivery.py    ${HOST}
...        ${DELIVERY_PORT}
...        ${DELIVERY}
...        ${PASSWORD}
...        ${ACCOUNTS_URL}

Suite Setup       Open The Mailbox
Suite Teardown    ImapLibrary2.Close Mailbox
Test Setup        Mark All Emails As Read


*** Variables ***
${USER}      imaplibrary2@example.com
${SENDER}    noreply@shop.example


*** Test Cases ***
Find The Email By All Criteria
    Deliver Email    to=${USER}    subject=Größe "XL" ist da
    ${LATEST}=    ImapLibrary2.Wait For Email    sender=${SENDER}    recipient=${USER}    subject=Größe "XL"
    ...    text=Some text    status=unseen    sentsince=03-Mar-2014    since=03-Mar-2014    utf-8=True
    ...    folder=INBOX    timeout=60    poll_frequency=2
    ${body}=    Get Email Body    email_index=${LATEST}
    Should Contain    ${body}    Some text.

Count The Emails
    Deliver Email    to=${USER}    subject=Counted    count=3
    ${LATEST}=    Wait For Email    subject=Counted    status=UNSEEN    timeout=60
    ${n}=    Get Email Count    from_email=${SENDER}    subject=Counted    status=UNSEEN
    Should Be Equal As Integers    ${n}    3
    ${n}=    Get Email Count    ccEmail=boss@example.com    sentbefore=03-Mar-2014
    Should Be Equal As Integers    ${n}    0
    ${n}=    Get Email Count    senton=03-Mar-2014
    Should Be Equal As Integers    ${n}    0

Count What Is Unread
    Deliver Email    to=${USER}    subject=Unread    count=2
    ${LATEST}=    Wait For Email    subject=Unread    timeout=60
    Mark Email As Read    ${LATEST}
    ${n}=    Get Email Count
    Should Be Equal As Integers    ${n}    1

Save The Attachments
    Deliver Raw Email    ${CURDIR}/../../resources/order.eml    to=${USER}
    ${LATEST}=    Wait For Email    status=UNSEEN    timeout=60
    Create Directory    ${OUTPUT_DIR}/imaplibrary2
    ${paths}=    Get Attachments From Email    email_index=${LATEST}    target_folder=${OUTPUT_DIR}/imaplibrary2
    FOR    ${path}    IN    @{paths}
        File Should Exist    ${path}
    END
    Length Should Be    ${paths}    1

The Index Goes Wherever A UID Goes
    Deliver Email    to=${USER}    subject=Index
    ${LATEST}=    Wait For Email    subject=Index    status=UNSEEN    timeout=60
    Set Suite Variable    ${INDEX}    ${LATEST}
    ${again}=    Wait For Email    subject=Index    timeout=60
    Should Be Equal    ${LATEST}    ${again}
    Should Be True    ${LATEST} > 0
    VAR    @{indexes}    ${LATEST}
    ${body}=    Get Email Body    ${indexes}[0]
    Should Contain    ${body}    Some text.
    Log    The index is ${LATEST}.

The Index Of The Test Before
    ${body}=    Get Email Body    ${INDEX}
    Should Contain    ${body}    Some text.


*** Keywords ***
Open The Mailbox
    Create Account    ${USER}
    Open Mailbox    host=${HOST}    user=${USER}    password=${PASSWORD}    port=${IMAP_PORT}    is_secure=${False}
