*** Settings ***
Documentation    Emails as files: saving, saving as HTML, loading.

Library          OperatingSystem
Resource         ../resources/mailbox.resource

Suite Setup      Set Up Folder
Test Setup       Open Test Mailbox
Test Teardown    Close All Mailboxes


*** Test Cases ***
An Email Is Saved Byte For Byte
    Deliver Raw Email    ${EMAILS}/origin_big5_mixed_related_alternative.eml    to=${ADDRESS}
    ${email} =    Wait For Email
    ${path} =    Save Email    ${email}    ${FOLDER}/new folder/origin.eml
    ${saved} =    Get Binary File    ${path}
    ${held} =    Raw Email    ${ADDRESS}    ${email.uid}
    Should Be Equal    ${saved}    ${held}
    Wait For Email    status=UNSEEN    timeout=0

A Large Email Is Saved, Too
    Deliver Large Email    2    to=${ADDRESS}
    ${email} =    Wait For Email    timeout=30 s
    ${path} =    Save Email    ${email.uid}    ${FOLDER}/large.eml
    ${saved} =    Get Binary File    ${path}
    ${held} =    Raw Email    ${ADDRESS}    ${email.uid}
    Should Be True    $saved == $held

A File Is Replaced On Request Only
    Deliver Email    to=${ADDRESS}    subject=First
    ${email} =    Wait For Email
    ${path} =    Save Email    ${email}    ${FOLDER}/mail.eml
    Run Keyword And Expect Error
    ...    Could not write ${path}: it is there already. Give another path, or overwrite=True to replace it.
    ...    Save Email    ${email}    ${FOLDER}/mail.eml
    Save Email    ${email}    ${FOLDER}/mail.eml    overwrite=True
    Run Keyword And Expect Error
    ...    Could not write *: it is a folder. Give the path of a file.
    ...    Save Email    ${email}    ${FOLDER}    overwrite=True

A Loaded Email Reads As The One In The Mailbox
    Deliver Raw Email    ${EMAILS}/origin_big5_mixed_related_alternative.eml    to=${ADDRESS}
    ${email} =    Wait For Email
    ${path} =    Save Email    ${email}    ${FOLDER}/origin.eml
    ${loaded} =    Load Email    ${path}
    Should Be Equal    ${loaded.subject}    測試信件
    Should Be Equal    ${loaded.uid}    ${NONE}
    Should Be Equal    ${loaded.attachments}    ${email.attachments}

Keywords That Read Take A Loaded Email Without A Mailbox
    Close All Mailboxes
    ${email} =    Load Email    ${EMAILS}/origin_big5_mixed_related_alternative.eml
    ${body} =    Get Email Body    ${email}
    Should Be Equal    ${body}    您好，\n這是一封測試信件。
    ${from} =    Get Email Header    ${email}    From
    Should Be Equal    ${from}    王小明 <ming@example.com>
    @{paths} =    Save Email Attachments    ${email}    ${FOLDER}/loaded    inline=True
    Length Should Be    ${paths}    2
    Save Email As HTML    ${email}    ${FOLDER}/loaded/mail.html
    ${path} =    Save Email    ${email}    ${FOLDER}/loaded/mail.eml
    ${first} =    Get Binary File    ${EMAILS}/origin_big5_mixed_related_alternative.eml
    ${again} =    Get Binary File    ${path}
    Should Be Equal    ${first}    ${again}

A Loaded Email Is In No Folder
    ${email} =    Load Email    ${EMAILS}/format_flowed_delsp.eml
    Run Keyword And Expect Error
    ...    This email is of a file and in no folder, so that only keywords that read it can take it.
    ...    Wait For Email    after=${email}    timeout=0

What Can't Be Loaded Is A Failure
    Run Keyword And Expect Error
    ...    Could not read *missing.eml: *. Is the path right?
    ...    Load Email    ${FOLDER}/missing.eml
    Run Keyword And Expect Error
    ...    Could not read *: it is a folder. Give the path of a file.
    ...    Load Email    ${FOLDER}

HTML Is Saved With Its Images And Nothing Else
    Deliver Raw Email    ${EMAILS}/origin_big5_mixed_related_alternative.eml    to=${ADDRESS}
    ${email} =    Wait For Email
    ${path} =    Save Email As HTML    ${email}    ${FOLDER}/origin.html
    ${html} =    Get File    ${path}
    Should Contain    ${html}    <meta charset="utf-8">
    Should Contain    ${html}    content="default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    Should Contain    ${html}    <title>測試信件</title>
    Should Contain    ${html}    <p>這是一封<b>測試</b>信件。</p><img src="data:image/png;base64,iVBORw0KGgo
    Should Not Contain    ${html}    cid:
    Wait For Email    status=UNSEEN    timeout=0

Text Is Saved As HTML With Links
    Deliver Email    to=${ADDRESS}    subject=Hi <you>    text=a < b\nhttps://shop.example/?a=1&b=2.
    ${email} =    Wait For Email
    ${path} =    Save Email As HTML    ${email}    ${FOLDER}/text.html
    ${html} =    Get File    ${path}
    Should Contain    ${html}    <title>Hi &lt;you&gt;</title>
    Should Contain    ${html}    a &lt; b\n<a href="https://shop.example/?a=1&amp;b=2">https:

Remote Images And Scripts Are Left Out
    Deliver Email    to=${ADDRESS}    text=${NONE}
    ...    html=<p onclick=x>Hi<script>alert(1)</script><img src="https://track.example/1.png">
    ${email} =    Wait For Email
    ${path} =    Save Email As HTML    ${email}    ${FOLDER}/remote.html
    ${html} =    Get File    ${path}
    Should Contain    ${html}    <p>Hi<img data-remote-src="https://track.example/1.png">

Of A Large Email Only HTML And Images Are Fetched
    Deliver Large Email    2    to=${ADDRESS}
    ${email} =    Wait For Email    timeout=30 s
    ${path} =    Save Email As HTML    ${email}    ${FOLDER}/large.html
    ${html} =    Get File    ${path}
    Should Contain    ${html}    <p>Logo: <img src="data:image/png;base64,iVBORw


*** Keywords ***
Set Up Folder
    VAR    ${FOLDER}    ${OUTPUT_DIR}/files    scope=SUITE
    Remove Directory    ${FOLDER}    recursive=True
    Create Directory    ${FOLDER}
