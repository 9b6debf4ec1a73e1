*** Settings ***
Documentation     A customer and the shop's accountant each get an email.

Resource          mail_server.resource

Suite Setup       Open Two Mailboxes
Suite Teardown    Close All Mailboxes


*** Test Cases ***
Customer And Accountant Get The Invoice
    Order    customer@example.com    A lamp
    Order    accountant@example.com    A lamp
    ${booked} =    Wait For Email    subject=A lamp    mailbox=accountant@example.com
    ${received} =    Wait For Email    subject=A lamp    mailbox=customer@example.com
    Should Be Equal    ${booked.recipients}[0]    accountant@example.com
    Should Be Equal    ${received.recipients}[0]    customer@example.com

Keywords Act On The Mailbox That Was Switched To
    Switch Mailbox    customer@example.com
    Order    customer@example.com    A chair
    ${email} =    Wait For Email    subject=A chair
    ${body} =    Get Email Body    ${email}
    Should Be Equal    ${body}    Thank you for ordering A chair.


*** Keywords ***
Open Two Mailboxes
    Open Server And Mailbox    customer@example.com
    Open Mailbox On Server    accountant@example.com
