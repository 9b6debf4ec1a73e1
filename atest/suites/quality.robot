*** Settings ***
Documentation    Checking emails for what their readers would stumble on.

Library          Collections
Library          String
Resource         ../resources/mailbox.resource

Test Setup       Open Test Mailbox
Test Teardown    Close All Mailboxes


*** Variables ***
${NEWSLETTERS_ONLY}    list-unsubscribe one-click


*** Test Cases ***
A Good Email Passes And Stays Unread
    ${email} =    Receive    text=Confirm: https://x.example/confirm?id=4
    ...    html=<p>Confirm: <a href="https://x.example/confirm?id=4"><img src="cid:1" alt="Confirm"></a></p>
    ${findings} =    Check Email Quality    ${email}    leave_out=${NEWSLETTERS_ONLY}
    Should Be Empty    ${findings}
    ${findings} =    Check Email Quality    ${email.uid}    leave_out=${NEWSLETTERS_ONLY}
    Should Be Empty    ${findings}
    Wait For Email    status=UNSEEN    timeout=0

The Failure Lists All That Is Wrong
    ${email} =    Receive
    ...    text=Hello {{name}}! https://x.example/a
    ...    subject=Hello %NAME%
    ...    html=<style>p { color: %COLOUR% }</style><p>Hello \${name}! <a href="https://x.example/b"><img src="b.png"></a></p>
    ${failure} =    Run Keyword And Expect Error    9 things are wrong in this email:\n*'Hello %NAME%' from*
    ...    Check Email Quality    ${email}
    @{lines} =    Split To Lines    ${failure}    2
    VAR    @{expected}
    ...    image-alt: image b.png has no alternative text
    ...    link-text: link https://x.example/b has no text
    ...    placeholder: header Subject still has the placeholder %NAME%
    ...    placeholder: plain text still has the placeholder {{name}}
    ...    placeholder: HTML still has the placeholder \${name}
    ...    same-links: link https://x.example/b is in the HTML, but not in the plain text
    ...    same-links: link https://x.example/a is in the plain text, but not in the HTML
    ...    list-unsubscribe: header has no List-Unsubscribe
    ...    one-click: header has no 'List-Unsubscribe-Post: List-Unsubscribe=One-Click'
    ...    A rule that does not matter here can be left out by its name, as in leave_out=image-alt.
    Lists Should Be Equal    ${lines}    ${expected}

Findings Can Be Looked At Instead
    ${email} =    Receive    html=<p>Hello {{name}}!</p>
    VAR    @{rules}    list-unsubscribe    one-click
    @{findings} =    Check Email Quality    ${email}    leave_out=${rules}    fail=False
    Length Should Be    ${findings}    2
    Should Be Equal    ${findings[0].rule}    placeholder
    Should Be Equal    ${findings[0].where}    HTML
    Should Be Equal    ${findings[0].what}    still has the placeholder {{name}}
    Should Be Equal    ${findings[1].rule}    plain-text

What Gmail Would Clip Is Found Beside A Large Attachment
    ${html} =    Evaluate    "<p>" + "<b>bold</b> " * 9000
    Deliver Email With Attachment    5    to=${ADDRESS}    subject=Large    text=Text    html=${html}
    ${email} =    Wait For Email    subject=Large    timeout=30 s
    Should Not Be True    ${email.complete}
    @{findings} =    Check Email Quality    ${email}    leave_out=${NEWSLETTERS_ONLY}    fail=False
    Length Should Be    ${findings}    1
    Should Match    ${{str($findings[0])}}
    ...    html-size: HTML has 10?,??? bytes; Gmail clips what is more than 102 KB (104,448 bytes)

A Newsletter Needs No Mailbox To Be Checked
    Close All Mailboxes
    ${email} =    Load Email    ${EMAILS}/html_only_with_preheader.eml
    @{findings} =    Check Email Quality    ${email}    fail=False
    Should Be Equal    ${{[finding.rule for finding in $findings]}}
    ...    ${{['plain-text', 'list-unsubscribe', 'one-click']}}

A Misspelt Rule Is Refused
    ${email} =    Receive    text=Text
    Run Keyword And Expect Error    There is no rule 'image_alts'. Did you mean 'image-alt'? The rules are image-alt, *
    ...    Check Email Quality    ${email}    leave_out=image_alts


*** Keywords ***
Receive
    [Arguments]    &{fields}
    Deliver Email    to=${ADDRESS}    &{fields}
    ${email} =    Wait For Email
    RETURN    ${email}
