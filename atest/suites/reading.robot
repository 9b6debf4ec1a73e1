*** Settings ***
Documentation    Reading emails.

Resource         ../resources/mailbox.resource

Test Setup       Open Test Mailbox
Test Teardown    Close All Mailboxes


*** Test Cases ***
The Text Is Read, And The Email Marked As Read
    Deliver Email    to=${ADDRESS}    subject=Hello    text=First line\nSecond line
    ${email} =    Wait For Email
    ${body} =    Get Email Body    ${email}
    Should Be Equal    ${body}    First line\nSecond line
    ${email} =    Wait For Email    status=SEEN    timeout=0
    Should Be True    ${email.seen}

The Email Stays Unread On Request
    Deliver Email    to=${ADDRESS}    subject=Hello
    ${email} =    Wait For Email
    Get Email Body    ${email}    mark_as_read=False
    Wait For Email    status=UNSEEN    timeout=0

An Email Is Named By Its UID, Too
    Deliver Email    to=${ADDRESS}    subject=Hello    text=By number
    ${email} =    Wait For Email
    ${body} =    Get Email Body    ${email.uid}
    Should Be Equal    ${body}    By number
    ${body} =    Get Email Body    ${{str($email).encode()}}
    Should Be Equal    ${body}    By number

HTML Is Read As A Person Sees It
    Deliver Email    to=${ADDRESS}    subject=HTML    text=${NONE}    html=<p>Your code:&nbsp;<b>12&shy;34</b></p>
    ${email} =    Wait For Email
    ${body} =    Get Email Body    ${email}
    Should Be Equal    ${body}    Your code: 1234
    ${html} =    Get Email Body    ${email}    html=True
    Should Contain    ${html}    <b>12

The Email Of The Origin Is Read Right
    [Documentation]    Big5 in encoded words, base64 and quoted-printable; related and mixed parts.
    Deliver Raw Email    ${EMAILS}/origin_big5_mixed_related_alternative.eml    to=${ADDRESS}
    ${email} =    Wait For Email
    ${body} =    Get Email Body    ${email}
    Should Contain    ${email.subject}    測試
    Should Contain    ${body}    測試

The Text Beside A Large Attachment Is Read Without Loading That
    Deliver Email With Attachment    5    to=${ADDRESS}    subject=Large    text=Short text
    ${email} =    Wait For Email    timeout=30 s
    Should Not Be True    ${email.complete}
    ${body} =    Get Email Body    ${email}
    Should Be Equal    ${body}    Short text
    Wait For Email    status=SEEN    timeout=0

Texts Beside Each Other And A Large Attachment Are Told Apart
    VAR    ${many}    ${{"<p>Grün</p>" * 9000}}
    Deliver Email With Attachment    5    to=${ADDRESS}    subject=Large    text=Text    html=${many}
    ${email} =    Wait For Email    timeout=30 s
    ${body} =    Get Email Body    ${email}
    Should Be Equal    ${body}    Text
    ${html} =    Get Email Body    ${email}    html=True
    Should Be True    $html == $many

A Wrong Name Of A Field Is Told The Right One
    Deliver Email    to=${ADDRESS}    subject=Names    text=https://shop.example/
    ${email} =    Wait For Email
    ${link} =    Get Email Link    ${email}
    Run Keyword And Expect Error
    ...    *: `Email` has no field 'body'. Did you mean 'text'? It has uid, folder, subject, sender, *
    ...    Log    ${email.body}
    Run Keyword And Expect Error
    ...    *: `Email` has no field 'Subject'. Did you mean 'subject'? *
    ...    Log    ${email.Subject}
    Run Keyword And Expect Error
    ...    *: `Link` has no field 'url'. Did you mean 'href'? It has href, text, *
    ...    Log    ${link.url}
