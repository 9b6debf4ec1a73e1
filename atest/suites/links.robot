*** Settings ***
Documentation    Listing, choosing and opening the links of emails.

Library          ../resources/WebSite.py
Resource         ../resources/mailbox.resource

Suite Setup      Set Up Web Site
Test Setup       Open Test Mailbox
Test Teardown    Close All Mailboxes


*** Test Cases ***
Links Are Listed As One Sees Them
    ${email} =    Receive HTML
    ...    <div style="display:none">Only one step <a href="https://x.example/?view=1">View</a></div>
    ...    <p>Welcome! <a href="https://x.example/confirm?id=4&amp;lang=de">Confirm&nbsp;<b>now</b></a></p>
    ...    <table><tr><td bgcolor="#1a73e8" style="padding:12px"><a href="https://x.example/confirm?id=4&amp;lang=de">Confirm</a></td></tr></table>
    ...    <a href="https://x.example/"><img src="cid:1" alt="The Shop"></a> <a href="mailto:help@x.example">Help</a>
    @{links} =    Get Email Links    ${email}
    Length Should Be    ${links}    4
    Should Be Equal    ${links[0].href}    https://x.example/confirm?id=4&lang=de
    Should Be Equal    ${links[0].text}    Confirm now
    Should Not Be True    ${links[0].button}
    Should Be True    ${links[1].button}
    Should Be Equal    ${links[2].text}    The Shop
    Should Be True    ${links[2].image}
    Should Be Equal    ${links[3].href}    mailto:help@x.example
    @{all} =    Get Email Links    ${email}    hidden=True
    Length Should Be    ${all}    5
    Should Be Equal    ${all[0].text}    View
    Should Be True    ${all[0].hidden}
    Wait For Email    status=SEEN    timeout=0

Addresses In Plain Text Are Links
    Deliver Email    to=${ADDRESS}
    ...    text=Confirm (https://x.example/confirm?id=4=5), or\n<https://x.example/long\n/way>.\nwww.x.example/a.
    ${email} =    Wait For Email
    @{links} =    Get Email Links    ${email.uid}    mark_as_read=False
    Length Should Be    ${links}    3
    Should Be Equal    ${links[0].href}    https://x.example/confirm?id=4=5
    Should Be Equal    ${links[1].href}    https://x.example/long/way
    Should Be Equal    ${links[2].href}    http://www.x.example/a
    Should Be Equal    ${links[2].text}    www.x.example/a
    Wait For Email    status=UNSEEN    timeout=0

A Link Is Chosen By Text, Address Or Position
    ${email} =    Receive HTML
    ...    <a href="https://x.example/a">Log in</a> <a href="https://x.example/b">How to log in</a>
    ${link} =    Get Email Link    ${email}    text=how to
    Should Be Equal    ${link.href}    https://x.example/b
    ${link} =    Get Email Link    ${email}    text=exact:log in
    Should Be Equal    ${link.href}    https://x.example/a
    ${link} =    Get Email Link    ${email}    url=*example/b
    Should Be Equal    ${link.text}    How to log in
    ${link} =    Get Email Link    ${email}    index=-1
    Should Be Equal    ${link.text}    How to log in
    Run Keyword And Expect Error
    ...    2 links that match text 'log in' lead to different addresses. *\n${SPACE*2}0: 'Log in' -> https://x.example/a\n*
    ...    Get Email Link
    ...    ${email}
    ...    text=log in
    Run Keyword And Expect Error    No link of this email matches text 'Log out'. It has:*
    ...    Get Email Link    ${email}    text=Log out

A Link In A Large Email Is Found Without Loading All Of It
    Deliver Email With Attachment    5    to=${ADDRESS}    subject=Large    text=See https://x.example/a
    ${email} =    Wait For Email    timeout=30 s
    Should Not Be True    ${email.complete}
    ${link} =    Get Email Link    ${email}
    Should Be Equal    ${link.href}    https://x.example/a
    Wait For Email    status=SEEN    timeout=0

A Link Is Opened
    ${email} =    Receive HTML    <a href="${SITE}/confirm?id=42">Confirm</a> <a href="${SITE}/">Shop</a>
    ${page} =    Open Email Link    ${email}    text=Confirm
    Should Be Equal As Integers    ${page.status}    200
    Should Be Equal    ${page.address}    ${SITE}/confirm?id=42
    Should Be Equal    ${page.text}    Thank you, Jörg!\n\nYour address is confirmed.
    Should Contain    ${page.source}    Thank&nbsp;you
    Should Be Empty    ${page.redirects}
    ${page} =    Open Email Link    ${email}    text=Confirm
    Should Be Equal As Integers    ${page.status}    410
    Should Be Equal    ${page.text}    This link was used already.

Listing And Choosing Links Uses Nothing Up
    ${email} =    Receive HTML    <a href="${SITE}/confirm?id=43">Confirm</a>
    Get Email Links    ${email}
    Get Email Link    ${email}    text=Confirm
    @{visited} =    Visited Pages
    Should Not Contain    ${visited}    /confirm?id=43

Redirects Are Followed And Reported
    ${email} =    Receive HTML    <a href="${SITE}/click/1?to=welcome">Welcome</a>
    ${page} =    Open Email Link    ${email}
    Should Be Equal    ${page.address}    ${SITE}/welcome
    Should Be Equal    ${page.text}    Welcome session=42
    Should Be Equal    ${page.redirects}    ${{('${SITE}/click/1?to=welcome', '${SITE}/session')}}

A Page Without A Charset Is Read
    ${email} =    Receive HTML    <a href="${SITE}/latin">Green</a>
    ${page} =    Open Email Link    ${email}
    Should Be Equal    ${page.text}    Grün

What Leads Nowhere Fails In Time
    ${email} =    Receive HTML
    ...    <a href="${SITE}/loop">Loop</a> <a href="${SITE}/file">File</a> <a href="${SITE}/large">Large</a>
    ...    <a href="${SITE}/slow">Slow</a> <a href="http://127.0.0.1:1/">Closed</a> <a href="ftp://x.example/">FTP</a>
    Run Keyword And Expect Error    ${SITE}/loop was redirected 21 times, *
    ...    Open Email Link    ${email}    text=Loop
    Run Keyword And Expect Error    ${SITE}/file redirects to 'file:///etc/passwd'. Only http and https are followed.
    ...    Open Email Link    ${email}    text=File
    Run Keyword And Expect Error    The page at ${SITE}/large has more than 500000 bytes. *
    ...    Open Email Link    ${email}    text=Large    max_size=500000
    Run Keyword And Expect Error
    ...    The page at ${SITE}/slow did not come to its end: The server did not answer within 2 seconds.
    ...    Open Email Link    ${email}    text=Slow    timeout=2 s
    Run Keyword And Expect Error    http://127.0.0.1:1/ could not be opened: Could not connect *
    ...    Open Email Link    ${email}    text=Closed
    Run Keyword And Expect Error    'ftp://x.example/' can't be opened: only http and https can.
    ...    Open Email Link    ${email}    text=FTP

Links Of A File Need No Mailbox
    Close All Mailboxes
    ${email} =    Load Email    ${EMAILS}/html_only_with_preheader.eml
    @{links} =    Get Email Links    ${email}
    Should Not Be Empty    ${links}


*** Keywords ***
Set Up Web Site
    ${address} =    Start Web Site
    VAR    ${SITE}    ${address}    scope=SUITE

Receive HTML
    [Documentation]    Delivers an email with that HTML, and returns it.
    [Arguments]    @{html}
    ${html} =    Evaluate    "\\n".join($html)
    Deliver Email    to=${ADDRESS}    subject=HTML    html=${html}    text=Plain text
    ${email} =    Wait For Email    subject=HTML
    RETURN    ${email}
