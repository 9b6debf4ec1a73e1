*** Settings ***
Documentation     Each subscriber gets one email, and nobody else gets any.

Library           Collections
Library           newsletter.py
Resource          mail_server.resource

Suite Setup       Open Server And Mailbox    qa@example.com
Suite Teardown    Close All Mailboxes


*** Test Cases ***
Each Subscriber Gets The Newsletter Once
    VAR    @{subscribers}    qa+ann@example.com    qa+bob@example.com    qa+eve@example.com
    ${mark} =    Get Mailbox Mark
    Send Newsletter    To all    ${subscribers}    ${SERVER.host}    ${SERVER.smtp_port}
    ${emails} =    Wait For Emails    count=3    subject=To all    after=${mark}
    ${recipients} =    Evaluate    [email.to[0].address for email in $emails]
    Lists Should Be Equal    ${recipients}    ${subscribers}    ignore_order=True

Who Left Gets Nothing
    VAR    @{subscribers}    qa+ann@example.com
    Send Newsletter    To some    ${subscribers}    ${SERVER.host}    ${SERVER.smtp_port}
    Wait For Email    recipient=qa+ann@example.com    subject=To some
    Email Should Not Arrive    recipient=qa+bob@example.com    subject=To some    within=1 s

Subscribers With Mailboxes Of Their Own
    Open Mailbox On Server    ann@example.com
    Open Mailbox On Server    bob@example.com
    VAR    @{subscribers}    ann@example.com    bob@example.com
    Send Newsletter    To two    ${subscribers}    ${SERVER.host}    ${SERVER.smtp_port}
    FOR    ${subscriber}    IN    @{subscribers}
        ${email} =    Wait For Email    subject=To two    mailbox=${subscriber}
        Should Be Equal    ${email.to[0].address}    ${subscriber}
    END
