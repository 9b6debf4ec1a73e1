*** Settings ***
Documentation     The shop lets in who types the code that it sends, or follows the link.

Library           signing_in.py
Resource          mail_server.resource

Suite Setup       Open Server And Mailbox    customer@example.com
Suite Teardown    Close All Mailboxes
Test Setup        Ask To Sign In


*** Test Cases ***
The Code In The Email Is Right
    ${code} =    Get Email Code    ${EMAIL}
    ${right} =    Code Is Right    ${code}
    Should Be True    ${right}

The Button In The Email Signs In
    ${link} =    Get Email Link    ${EMAIL}    text=Sign in
    Should Be True    ${link.button}
    # Where the page is needed in a browser, the browser library opens ${link.href} instead.
    ${page} =    Open Email Link    ${EMAIL}    text=Sign in
    Should Be Equal As Integers    ${page.status}    200
    Should Be Equal    ${page.text}    Welcome back!


*** Keywords ***
Ask To Sign In
    ${mark} =    Get Mailbox Mark
    Sign In    customer@example.com    ${SERVER.host}    ${SERVER.smtp_port}
    ${email} =    Wait For Email    subject=Sign in    after=${mark}
    VAR    ${EMAIL}    ${email}    scope=TEST
