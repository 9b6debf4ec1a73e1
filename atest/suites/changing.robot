*** Settings ***
Documentation    Changing flags.

Resource         ../resources/mailbox.resource

Test Setup       Open Test Mailbox
Test Teardown    Close All Mailboxes


*** Test Cases ***
All Are Marked As Read, And Counted
    Deliver Email    to=${ADDRESS}    subject=One
    Deliver Email    to=${ADDRESS}    subject=Two
    Wait For Email    subject=Two
    ${unread} =    Mark All As Read
    Should Be Equal As Integers    ${unread}    2
    ${unread} =    Mark All As Read
    Should Be Equal As Integers    ${unread}    0

An Empty Folder Has Nothing To Mark
    ${unread} =    Mark All As Read
    Should Be Equal As Integers    ${unread}    0

What Comes After It Is Unread
    Deliver Email    to=${ADDRESS}    subject=Before
    Wait For Email
    Mark All As Read
    Deliver Email    to=${ADDRESS}    subject=After
    ${email} =    Wait For Email
    Should Be Equal    ${email.subject}    After
