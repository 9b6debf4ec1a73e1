*** Settings ***
Documentation    What users of the older libraries complained of, in their own calls.
...
...              Of servers that refuse SEARCH in UTF-8 there are only scripted ones, in the unit tests.

Resource         ../../resources/mailbox.resource

Test Setup       Open Test Mailbox
Test Teardown    Close All Mailboxes


*** Variables ***
${LONG}    The subject of this email is long enough to be folded, says "quoted" things, has Umlaute such as äöüß,
...        and goes on (as subjects of shops do) with the number of the order: 4711-0815-2026/11


*** Test Cases ***
Old Emails Are Not Taken For New Ones
    Deliver Email    to=${ADDRESS}    subject=Code    text=old
    Wait For Email    subject=Code
    Mark All Emails As Read
    Run Keyword And Expect Error    No email received within 0s *
    ...    Wait For Email    subject=Code    status=UNSEEN    timeout=0
    Deliver Email    to=${ADDRESS}    subject=Code    text=new
    ${LATEST} =    Wait For Email    subject=Code    status=UNSEEN    timeout=60
    ${body} =    Get Email Body    ${LATEST}
    Should Be Equal    ${body}    new

The Second Email Is Seen, Too
    Deliver Email    to=${ADDRESS}    subject=Code    text=1
    ${LATEST} =    Wait For Email    subject=Code    timeout=60
    ${body} =    Get Email Body    ${LATEST}
    Should Be Equal    ${body}    1
    Deliver Email    to=${ADDRESS}    subject=Code    text=2
    ${LATEST} =    Wait For Email    subject=Code    status=UNSEEN    timeout=60
    ${body} =    Get Email Body    ${LATEST}
    Should Be Equal    ${body}    2

A Long Subject Of Many Words Matches
    Deliver Email    to=${ADDRESS}    subject=${LONG}
    Wait For Email    subject=${LONG}    timeout=60
    Wait For Email    subject=has Umlaute such as äöüß, and goes on    utf-8=True    timeout=0

A Body Of Several Parts Is Read
    Deliver Raw Email    ${CURDIR}/../../resources/order.eml    to=${ADDRESS}
    ${LATEST} =    Wait For Email    subject=Your order
    ${body} =    Get Email Body    ${LATEST}
    Should Be Equal    ${body}    Thank you. Your code is 4711.

Equals Signs In Links Stay
    Deliver Email
    ...    to=${ADDRESS}
    ...    html=<p>Grüße! <a href="https://shop.example/confirm?id=3D4&t==20=">Confirm</a></p>
    ${LATEST} =    Wait For Email
    ${links} =    Get Links From Email    ${LATEST}
    Should Be Equal    ${links}    ${{['https://shop.example/confirm?id=3D4&t==20=']}}

Files Are Saved By Their Names
    ${LATEST} =    Receive    rfc_2231_names
    Saved Files Should Be    ${LATEST}    € rates.pdf    Grüße.pdf    encoded ✓.pdf

Attached Emails Are Saved
    ${LATEST} =    Receive    attached_message
    Saved Files Should Be    ${LATEST}    inner.eml

Odd Charsets Are Read
    ${LATEST} =    Receive    alias_koi8_ru
    ${body} =    Get Email Body    ${LATEST}
    Should Be Equal    ${body}    Їжак і ґанок
    Walk Multipart Email    ${LATEST}
    ${payload} =    Get Multipart Payload    decode=True
    Should Be Equal    ${payload.strip()}    Їжак і ґанок

A Folder May Have Blanks In Its Name
    Deliver Email    to=${ADDRESS}    subject=Filed
    ${LATEST} =    Wait For Email    subject=Filed
    Create Folder    ${ROOT}My old mail
    Copy Email    ${LATEST}    ${ROOT}My old mail
    Open Mailbox    host=${HOST}    user=${ADDRESS}    password=${PASSWORD}    port=${IMAP_PORT}
    ...    is_secure=False    folder=${ROOT}My old mail
    Wait For Email    subject=Filed    timeout=0
    Wait For Email    subject=Filed    folder=${ROOT}My old mail    timeout=0

A Connection That Fails Says Why
    Run Keyword And Expect Error
    ...    Could not connect to imap.invalid port 993: the host name is unknown *
    ...    Open Mailbox    host=imap.invalid    user=qa@example.com    password=x
    Run Keyword And Expect Error    *The argument host is missing or empty. *
    ...    Open Mailbox    host=${EMPTY}    user=qa@example.com    password=x


*** Keywords ***
Receive
    [Documentation]    Delivers an email of the corpus, and returns it.
    [Arguments]    ${name}
    Deliver Raw Email    ${EMAILS}/${name}.eml    to=${ADDRESS}
    ${email} =    Wait For Email
    RETURN    ${email}

Saved Files Should Be
    [Arguments]    ${email}    @{names}
    ${paths} =    Get Attachments From Email
    ...    email_index=${email}    target_folder=${OUTPUT DIR}/pains/${SERVER}
    VAR    ${saved}    ${{list(map(os.path.basename, $paths))}}
    Should Be Equal    ${saved}    ${names}
