*** Settings ***
Documentation     Keywords whose emails the log shows. ``suites/previews.robot`` runs this, and looks at the log.

Library           ImapLibrary    previews=${PREVIEWS}    embed_previews=${EMBEDDED}
Library           ../resources/Delivery.py    ${HOST}    ${DELIVERY_PORT}    ${DELIVERY}    ${PASSWORD}

Suite Setup       Open Mailbox    ${HOST}    ${SHARED}    ${PASSWORD}    port=${IMAP_PORT}    security=NONE
Suite Teardown    Close All Mailboxes


*** Variables ***
${PREVIEWS}    True
${EMBEDDED}    False


*** Test Cases ***
Returned
    Create Folder    ${ROOT}Archive
    Deliver Raw Email    ${EMAILS}/origin_big5_mixed_related_alternative.eml    to=${SHARED}
    ${email} =    Wait For Email    attachment=image/*
    Wait For Email    attachment=image/*
    Copy Email    ${email}    ${ROOT}Archive
    Append Email    subject=Appended    text=Appended text.
    Load Email    ${EMAILS}/html_only_with_preheader.eml

Listed
    Deliver Email    to=${SHARED}    subject=Listed    count=12
    Wait For Emails    at_least=12    subject=Listed
    Find Emails    subject=Listed    body=Some text

Failed
    Deliver Email    to=${SHARED}    subject=Receipt    html=<p>Your receipt</p>
    Wait For Email    subject=Receipt
    Run Keyword And Expect Error    No email received *
    ...    Wait For Email    subject=Receipt    body=Invoice    timeout=0
    Deliver Email    to=${SHARED}    subject=Reminder    html=<p>Your reminder</p>
    ${reminder} =    Wait For Email    subject=Reminder
    Run Keyword And Expect Error    No email received *
    ...    Wait For Email    subject=Remainder    uid=${reminder}    timeout=0

Raced
    Open Mailbox    ${HOST}    ${SHARED}    ${PASSWORD}    port=${IMAP_PORT}    security=NONE    alias=again
    Set Log Level    DEBUG
    Run Keyword And Expect Error    No email received *
    ...    Wait For Email In Any Mailbox    again    subject=Invoice    timeout=0
    Set Log Level    INFO
    Close Mailbox    again

On Demand
    Deliver Large Email    2    to=${SHARED}
    ${email} =    Wait For Email    has_attachments=True    status=UNSEEN    larger=1000000
    Log Email    ${email}
    Email Should Be Unread    ${email}
