*** Settings ***
Documentation     Who forgot the password gets a link to choose another one; strangers get nothing.

Library           accounts.py
Resource          mail_server.resource

Suite Setup       Open Server And Mailbox    qa@example.com
Suite Teardown    Close All Mailboxes


*** Test Cases ***
A Customer Gets A Link To Choose Another Password
    ${address} =    Get Unique Email Address
    Sign Up    ${address}    ${SERVER.host}    ${SERVER.smtp_port}
    ${mark} =    Get Mailbox Mark
    Forget Password    ${address}    ${SERVER.host}    ${SERVER.smtp_port}
    ${email} =    Wait For Email    recipient=${address}    subject=Reset    after=${mark}
    ${page} =    Open Email Link    ${email}    text=Choose a new one
    Should Be Equal    ${page.text}    Choose a new password

Who Has No Account Gets No Email
    ${address} =    Get Unique Email Address
    Forget Password    ${address}    ${SERVER.host}    ${SERVER.smtp_port}
    Email Should Not Arrive    recipient=${address}    within=2 s
