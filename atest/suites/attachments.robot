*** Settings ***
Documentation    Listing, saving and reading attachments.

Library          OperatingSystem
Resource         ../resources/mailbox.resource

Test Setup       Open A Mailbox And A Folder
Test Teardown    Close All Mailboxes


*** Test Cases ***
Attachments Are Listed With Size And Digest
    ${email} =    Receive    origin_big5_mixed_related_alternative
    @{attachments} =    Get Email Attachments    ${email}
    Length Should Be    ${attachments}    2
    Should Be Equal    ${attachments[0].name}    logo4w.png
    Should Be Equal    ${attachments[0].type}    image/png
    Should Be Equal    ${attachments[0].content_id}    logo@example.com
    Should Be True    ${attachments[0].inline}
    Should Not Be True    ${attachments[1].inline}
    Should Be Equal    ${attachments[1].size}    ${70}
    Should Be Equal    ${attachments[1].sha256}
    ...    6b7fa434f92a8b80aab02d9bf1a12e49ffcae424e4013a1c4f68b67e3d2bbcd0
    Should Be Equal    ${email.attachments}    ${{tuple($attachments)}}
    Wait For Email    status=UNSEEN    timeout=0

Inline Images Are Told Apart
    ${email} =    Receive    origin_big5_mixed_related_alternative
    @{attachments} =    Get Email Attachments    ${email}    inline=False
    Length Should Be    ${attachments}    1
    @{paths} =    Save Email Attachments    ${email}    ${FOLDER}
    Length Should Be    ${paths}    1

Equal Names Are Saved Side By Side
    ${email} =    Receive    origin_big5_mixed_related_alternative
    @{paths} =    Save Email Attachments    ${email}    folder=${FOLDER}    inline=True
    Saved Should Be    ${paths}    logo4w.png    logo4w (2).png
    ${content} =    Get Binary File    ${paths}[1]
    Should Be True    $content.startswith(b'\\x89PNG')

What Was Saved Before Is Replaced On Request Only
    ${email} =    Receive    origin_big5_mixed_related_alternative
    Create File    ${FOLDER}/LOGO4W.png    old
    @{paths} =    Save Email Attachments    ${email}    ${FOLDER}
    Saved Should Be    ${paths}    logo4w (2).png
    ${old} =    Get File    ${FOLDER}/LOGO4W.png
    Should Be Equal    ${old}    old
    Save Email Attachments    ${email}    ${FOLDER}/new    overwrite=True
    @{paths} =    Save Email Attachments    ${email}    ${FOLDER}/new    overwrite=True
    Saved Should Be    ${paths}    logo4w.png
    @{files} =    List Directory    ${FOLDER}/new
    Length Should Be    ${files}    1

No Name Leads Out Of The Folder
    ${email} =    Receive    attachment_names_that_nobody_should_trust
    @{paths} =    Save Email Attachments    ${email}    ${FOLDER}/in
    Saved Should Be    ${paths}    .._.._evil.txt    C__evil.txt    _NUL.txt    notes.txt_stream
    ...    invoicefdp.exe    same.txt    SAME (2).TXT    part-9.bin
    @{files} =    List Directory    ${FOLDER}/in
    Length Should Be    ${files}    8
    @{outside} =    List Directory    ${FOLDER}
    Length Should Be    ${outside}    1

Encoded Names Are Decoded
    ${email} =    Receive    rfc_2231_names
    @{paths} =    Save Email Attachments    ${email}    ${FOLDER}
    Saved Should Be    ${paths}    € rates.pdf    Grüße.pdf    encoded ✓.pdf

Attachments Are Chosen By Name And Type
    ${email} =    Receive    rfc_2231_names
    @{paths} =    Save Email Attachments    ${email}    ${FOLDER}    name=grü*    type=application/*
    Saved Should Be    ${paths}    Grüße.pdf
    @{attachments} =    Get Email Attachments    ${email}    name=*.doc
    Should Be Empty    ${attachments}
    Run Keyword And Expect Error
    ...    No attachment of the email matches name=*.doc. It has:\n${SPACE*2}€ rates.pdf (application/pdf)\n*
    ...    Save Email Attachments    ${email}    ${FOLDER}    name=*.doc

Invitations And Attached Messages Count
    ${email} =    Receive    calendar_invitation
    ${invitation} =    Get Attachment Content    ${email}    type=text/calendar    text=True
    Should Start With    ${invitation}    BEGIN:VCALENDAR\n
    ${email} =    Receive    attached_message
    @{paths} =    Save Email Attachments    ${email}    ${FOLDER}
    Saved Should Be    ${paths}    inner.eml
    ${inner} =    Load Email    ${paths}[0]
    Should Be Equal    ${inner.subject}    inner

An Email Without Attachments Has None
    ${email} =    Receive    format_flowed_delsp
    @{attachments} =    Get Email Attachments    ${email}
    Should Be Empty    ${attachments}
    @{paths} =    Save Email Attachments    ${email}    ${FOLDER}
    Should Be Empty    ${paths}
    Run Keyword And Expect Error
    ...    The email has no attachments.
    ...    Get Attachment Content    ${email}

Content Is Bytes, Or Text
    ${email} =    Receive    text_attachment_is_no_text
    ${content} =    Get Attachment Content    ${email}
    Should Be Equal    ${content}    ${{b'Do not read me.'}}
    ${text} =    Get Attachment Content    ${email.uid}    name=log.txt    text=True
    Should Be Equal    ${text}    Do not read me.
    ${text} =    Get Attachment Content    ${email}    encoding=cp037
    Should Be Equal    ${text}    ${{b'Do not read me.'.decode('cp037')}}

Which Attachment Is Meant Must Be Clear
    ${email} =    Receive    origin_big5_mixed_related_alternative
    Run Keyword And Expect Error
    ...    The email has 2 attachments that match name=logo4w.png, *(image/png, inline)*(image/png)*Give a name= *
    ...    Get Attachment Content    ${email}    name=logo4w.png
    ${content} =    Get Attachment Content    ${email}    name=logo*    inline=False
    Length Should Be    ${content}    70

What Makes No Sense Is Refused
    ${email} =    Receive    text_attachment_is_no_text
    Run Keyword And Expect Error
    ...    The criterion name is empty, *
    ...    Get Email Attachments    ${email}    name=${EMPTY}
    Run Keyword And Expect Error
    ...    The argument encoding is 'UTF-88', which is no known charset. *
    ...    Get Attachment Content    ${email}    encoding=UTF-88

A Folder That Can't Be Made Is A Failure
    ${email} =    Receive    text_attachment_is_no_text
    Create File    ${FOLDER}/file
    Run Keyword And Expect Error
    ...    Could not make the folder *file*: * A part of the path is a file, where a folder is needed.
    ...    Save Email Attachments    ${email}    ${FOLDER}/file

Of A Large Email One Attachment Is Fetched Alone
    Deliver Large Email    5    to=${ADDRESS}
    ${email} =    Wait For Email    timeout=30 s
    Run Keyword And Expect Error
    ...    *Only the first 64 KiB of this email (6.8 MiB) were fetched, * `Get Email Attachments` fetches them.
    ...    Log    ${email.attachments}
    ${small} =    Get Attachment Content    ${email}    name=small.csv    text=True
    Should Be Equal    ${small}    a,b\n1,2\n
    ${large} =    Get Attachment Content    ${email}    type=application/octet-stream
    Length Should Be    ${large}    ${{5 * 1024 * 1024}}
    @{paths} =    Save Email Attachments    ${email}    ${FOLDER}    name=large*
    ${saved} =    Get Binary File    ${paths}[0]
    Should Be True    $saved == $large
    @{attachments} =    Get Email Attachments    ${email}    name=large.bin
    Should Be Equal    ${attachments[0].sha256}    ${{hashlib.sha256($large).hexdigest()}}
    Wait For Email    status=UNSEEN    timeout=0


*** Keywords ***
Open A Mailbox And A Folder
    Open Test Mailbox
    VAR    ${FOLDER}    ${OUTPUT_DIR}/attachments    scope=TEST
    Remove Directory    ${FOLDER}    recursive=True
    Create Directory    ${FOLDER}

Receive
    [Documentation]    Delivers an email of the corpus, and returns it.
    [Arguments]    ${name}
    ${mark} =    Get Mailbox Mark
    Deliver Raw Email    ${EMAILS}/${name}.eml    to=${ADDRESS}
    ${email} =    Wait For Email    after=${mark}
    RETURN    ${email}

Saved Should Be
    [Documentation]    Fails unless the files with these names are there, and the paths are theirs.
    [Arguments]    ${paths}    @{names}
    Length Should Be    ${paths}    ${{len($names)}}
    FOR    ${path}    ${name}    IN ZIP    ${paths}    ${names}
        ${_}    ${saved} =    Split Path    ${path}
        Should Be Equal    ${saved}    ${name}
        File Should Not Be Empty    ${path}
    END
