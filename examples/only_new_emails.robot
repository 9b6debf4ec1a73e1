*** Settings ***
Documentation     Marks tell new emails from old ones without changing any of them.

Resource          mail_server.resource

Suite Setup       Open Server And Mailbox    collector@example.com
Suite Teardown    Close All Mailboxes


*** Test Cases ***
Yesterday's Email Is Not Taken For Today's
    Order    collector@example.com    Yesterday's stamp
    Wait For Email    subject=stamp
    ${mark} =    Get Mailbox Mark
    Order    collector@example.com    Today's stamp
    ${email} =    Wait For Email    subject=stamp    after=${mark}
    Should Be Equal    ${email.subject}    Your invoice: Today's stamp

Emails That Come Together Are Returned One By One
    ${mark} =    Get Mailbox Mark
    Order    collector@example.com    A red stamp
    Order    collector@example.com    A blue stamp
    ${first} =    Wait For Email    sender=noreply@shop.example    after=${mark}
    ${second} =    Wait For Email    sender=noreply@shop.example    after=${first}
    Should Be Equal    ${first.subject}    Your invoice: A red stamp
    Should Be Equal    ${second.subject}    Your invoice: A blue stamp

No Email Means A Failure That Tells Why
    ${mark} =    Get Mailbox Mark
    Order    collector@example.com    A green stamp
    ${failure} =    Run Keyword And Expect Error    No email received within 1s *
    ...    Wait For Email    subject=A yellow stamp    after=${mark}    timeout=1 s
    Should Contain    ${failure}    Your invoice: A green stamp
