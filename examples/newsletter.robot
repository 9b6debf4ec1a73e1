*** Settings ***
Documentation     The newsletter reads well, and one can leave it.

Library           newsletter.py
Resource          mail_server.resource

Suite Setup       Get The Newsletter
Suite Teardown    Close All Mailboxes


*** Test Cases ***
It Calls The Subscriber By Name
    ${text} =    Get Email Text    ${EMAIL}
    Should Contain    ${text}    Dear Ann, here is what is new.

What The Inbox Shows Beside The Subject Is Not In The Text
    ${shown} =    Get Email Text    ${EMAIL}    hidden=False
    Should Not Contain    ${shown}    Three new lamps
    ${all} =    Get Email Text    ${EMAIL}    hidden=True
    Should Start With    ${all}    Three new lamps

Plain Text And HTML Say The Same
    ${plain} =    Get Email Body    ${EMAIL}
    ${html} =    Get Email Text    ${EMAIL}
    FOR    ${body}    IN    ${plain}    ${html}
        Should Contain    ${body}    here is what is new
    END

One Click Is Enough To Leave
    ${link} =    Get Email Link    ${EMAIL}    text=Unsubscribe
    ${header} =    Get Email Header    ${EMAIL}    List-Unsubscribe
    Should Be Equal    ${header}    <${link.href}>
    ${post} =    Get Email Header    ${EMAIL}    List-Unsubscribe-Post
    Should Be Equal    ${post}    List-Unsubscribe=One-Click

Nobody Stumbles On Anything
    Check Email Quality    ${EMAIL}


*** Keywords ***
Get The Newsletter
    Open Server And Mailbox    ann@example.com
    VAR    @{subscribers}    ann@example.com
    Send Newsletter    What is new    ${subscribers}    ${SERVER.host}    ${SERVER.smtp_port}
    ${email} =    Wait For Email    subject=What is new
    VAR    ${EMAIL}    ${email}    scope=SUITE
