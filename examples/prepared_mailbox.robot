*** Settings ***
Documentation     A mailbox is brought into the state that a test needs, without sending anything.

Resource          mail_server.resource

Suite Setup       Open Server And Mailbox    archivist@example.com
Suite Teardown    Close All Mailboxes
Test Setup        Prepare The Mailbox


*** Test Cases ***
Read Invoices Are Filed
    Mark Email As Read    subject=Invoice 1
    Move Email    folder=Archive/Invoices    subject=invoice    status=SEEN
    ${left} =    Get Email Count
    Should Be Equal As Integers    ${left}    2
    Select Folder    Archive/Invoices
    ${invoice} =    Wait For Email    subject=Invoice 1    timeout=0
    Email Should Be Read    ${invoice}

Nothing But Advertising Is Deleted
    ${deleted} =    Delete Emails    sender=ads@example.com
    Length Should Be    ${deleted}    1
    ${status} =    Get Folder Status
    Should Be Equal As Integers    ${status.messages}    2


*** Keywords ***
Prepare The Mailbox
    Select Folder    INBOX
    Delete All Emails
    Delete Folder    Archive/Invoices
    Create Folder    Archive/Invoices
    Append Email    sender=shop@example.com    subject=Invoice 1    text=Please pay 17 euros.
    Append Email    sender=shop@example.com    subject=Invoice 2    text=Please pay 4 euros.
    Append Email    sender=ads@example.com    subject=Big sale    text=Today only!    flags=Flagged
