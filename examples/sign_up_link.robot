*** Settings ***
Documentation     Who signs up gets a link. Following it confirms the address, once.

Library           accounts.py
Resource          mail_server.resource

Suite Setup       Open Server And Mailbox    qa@example.com
Suite Teardown    Close All Mailboxes


*** Test Cases ***
The Link Confirms The Address
    ${address} =    Get Unique Email Address
    Sign Up    ${address}    ${SERVER.host}    ${SERVER.smtp_port}
    ${email} =    Wait For Email    recipient=${address}    subject=Confirm your address
    ${link} =    Get Email Link    ${email}    text=Confirm my address
    Should Contain    ${link.href}    /confirm?
    ${page} =    Open Email Link    ${email}    text=Confirm my address
    Should Be Equal    ${page.text}    Thank you!

The Link Works Once
    ${address} =    Get Unique Email Address
    Sign Up    ${address}    ${SERVER.host}    ${SERVER.smtp_port}
    ${email} =    Wait For Email    recipient=${address}    subject=Confirm your address
    Open Email Link    ${email}    text=Confirm my address
    ${page} =    Open Email Link    ${email}    text=Confirm my address
    Should Be Equal As Integers    ${page.status}    410
