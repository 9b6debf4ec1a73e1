*** Settings ***
Documentation    Listing, choosing, making and removing folders.

Resource         ../resources/mailbox.resource

Test Setup       Open Test Mailbox
Test Teardown    Close All Mailboxes


*** Test Cases ***
Folders Are Listed With What Is In Them
    ${email} =    Email With Subject    Hello
    Email With Subject    Other
    Mark Email As Read    ${email}
    Create Folder    ${ROOT}Archive/2026
    ${folders} =    List Folders
    Should Contain    ${folders}    INBOX
    Should Contain    ${folders}    ${ROOT}Archive/2026
    FOR    ${folder}    IN    @{folders}
        IF    $folder == 'INBOX'
            Should Be Equal As Integers    ${folder.messages}    2
            Should Be Equal As Integers    ${folder.unread}    1
        ELSE IF    $folder == '${ROOT}Archive/2026'
            Should Be Equal As Integers    ${folder.messages}    0
            Should Be True    ${folder.selectable}
        END
    END
    ${folders} =    List Folders    counts=False
    Should Contain    ${folders}    ${ROOT}Archive/2026
    Should Be Equal    ${folders[0].messages}    ${NONE}

What A Folder Is For Is Said
    [Tags]    not-greenmail    not-courier
    Create Folder    Junk
    Create Folder    Trash
    ${folders} =    List Folders
    VAR    ${uses}    ${{ {folder.name: folder.special_use for folder in $folders} }}
    Should Be Equal    ${uses}    ${{ {'INBOX': '', 'Junk': 'Junk', 'Trash': 'Trash'} }}

What Only Has Folders Below It Is Told
    [Documentation]    Other servers make the folder, or list it in other ways.
    [Tags]    not-dovecot    not-greenmail    not-cyrus    not-courier
    Create Folder    Parent/Child
    VAR    ${advice}    It holds no emails, only the folders below it: Parent/Child.
    Run Keyword And Expect Error    Could not open folder 'Parent' *: NO * ${advice}
    ...    Select Folder    Parent
    Run Keyword And Expect Error    Could not look into folder 'Parent' *: NO * ${advice}
    ...    Append Email    folder=Parent    subject=Hello    text=Hello!
    Run Keyword And Expect Error    Could not delete folder 'Parent' *: NO * ${advice}
    ...    Delete Folder    Parent
    ${status} =    Get Folder Status    Parent
    Should Be Equal    ${status.messages}    ${NONE}
    Create Folder    Parent
    ${status} =    Get Folder Status    Parent
    Should Be Equal    ${status.messages}    ${0}

Any Name
    FOR    ${name}    IN    Plain    With Blanks    Größe & Maß    全部郵件    it's    007    (round)
        A Folder Of That Name Comes And Goes    ${ROOT}${name}
    END

An Emoji In A Name
    [Tags]    not-courier
    A Folder Of That Name Comes And Goes    ${ROOT}Emoji 😀

Any Punctuation
    [Tags]    not-cyrus
    FOR    ${name}    IN    it's "quoted"    a*b%c    {curly}    back\\slash
        A Folder Of That Name Comes And Goes    ${ROOT}${name}
    END

Levels Are Parted By A Slash Everywhere
    Create Folder    ${ROOT}Archive/2026/März
    Folder Should Exist    ${ROOT}Archive/2026/März
    Folder Should Exist    ${ROOT}Archive
    Select Folder    ${ROOT}Archive/2026/März
    ${status} =    Get Folder Status
    Should Be Equal    ${status.name}    ${ROOT}Archive/2026/März
    ${delimiter} =    Set Variable If    $SERVER in ('greenmail', 'courier')    .    /
    Should Be Equal    ${status.delimiter}    ${delimiter}

Below The INBOX Its Case Makes No Difference
    ${name} =    Create Folder    inbox/Sub
    Should Be Equal    ${name}    INBOX/Sub
    Folder Should Exist    Inbox/Sub
    ${folders} =    List Folders    counts=False
    Should Contain    ${folders}    INBOX/Sub
    Select Folder    inbox/Sub
    ${email} =    Append Email    subject=Hello    text=Hello
    Run Keyword And Expect Error    The emails are in folder 'INBOX/Sub' already, so they can't be moved there.
    ...    Move Email    ${email}    INBOX/Sub
    Delete Folder    INBOX/Sub
    ${status} =    Get Folder Status
    Should Be Equal    ${status.name}    INBOX

A Slash At The End Is No Part Of A Name
    ${name} =    Create Folder    ${ROOT}Archive/
    Should Be Equal    ${name}    ${ROOT}Archive
    Folder Should Exist    ${ROOT}Archive/
    Folder Should Exist    ${ROOT}Archive

A Folder Is Made And Deleted Once
    Create Folder    ${ROOT}Archive
    Create Folder    ${ROOT}Archive
    ${exists} =    Folder Exists    ${ROOT}Archive
    Should Be True    ${exists}
    ${deleted} =    Delete Folder    ${ROOT}Archive
    Should Be True    ${deleted}
    ${deleted} =    Delete Folder    ${ROOT}Archive
    Should Not Be True    ${deleted}
    ${exists} =    Folder Exists    ${ROOT}Archive
    Should Not Be True    ${exists}

A Folder Is Renamed With Those Below It
    Create Folder    ${ROOT}Projects/One
    Create Folder    ${ROOT}Projects/Two
    Create Folder    ${ROOT}Archive
    ${name} =    Rename Folder    ${ROOT}Projects    ${ROOT}Archive/Projekte
    Should Be Equal    ${name}    ${ROOT}Archive/Projekte
    Folder Should Exist    ${ROOT}Archive/Projekte/One
    Folder Should Exist    ${ROOT}Archive/Projekte/Two
    Folder Should Not Exist    ${ROOT}Projects/One

A Folder That Is Not There Can't Be Renamed
    [Tags]    not-courier
    Run Keyword And Expect Error    Could not rename folder '${ROOT}Projects/One' to '${ROOT}Elsewhere' *
    ...    Rename Folder    ${ROOT}Projects/One    ${ROOT}Elsewhere

The Folder That Is Open Can Be Renamed And Deleted
    Create Folder    ${ROOT}Projects/One
    Select Folder    ${ROOT}Projects/One
    Rename Folder    ${ROOT}Projects    ${ROOT}Projekte
    Deliver Email    to=${ADDRESS}    subject=In the inbox
    ${status} =    Get Folder Status
    Should Be Equal    ${status.name}    ${ROOT}Projekte/One
    Should Be Equal As Integers    ${status.messages}    0
    ${count} =    Get Email Count
    Should Be Equal As Integers    ${count}    0
    Delete Folder    ${ROOT}Projekte/One
    ${status} =    Get Folder Status
    Should Be Equal    ${status.name}    INBOX
    ${email} =    Wait For Email
    Should Be Equal    ${email.subject}    In the inbox

The INBOX Can Be Renamed
    [Documentation]    Its emails go along, and it is there again, empty (RFC 9051, section 6.3.6).
    [Tags]    not-dovecot    not-courier
    Email With Subject    Hello
    Rename Folder    INBOX    ${ROOT}Old
    Subjects Should Be    ${EMPTY}
    Select Folder    ${ROOT}Old
    Subjects Should Be    Hello

A Folder Below One That Is Deleted Stays Open
    [Documentation]    Cyrus keeps a folder that has others below it.
    [Tags]    not-cyrus
    Create Folder    ${ROOT}A
    Create Folder    ${ROOT}A/B
    Select Folder    ${ROOT}A/B
    Append Email    subject=Below
    Delete Folder    ${ROOT}A
    Email Count Should Be    1    subject=Below
    Folder Should Exist    ${ROOT}A/B

A Folder That Is Not Renamed Stays Open
    Create Folder    ${ROOT}Scratch
    Email With Subject    Precious
    Select Folder    ${ROOT}Scratch
    Append Email    subject=Rubbish
    Run Keyword And Expect Error    *    Rename Folder    ${ROOT}Scratch    INBOX
    Run Keyword And Expect Error    *    Rename Folder    ${ROOT}Scratch    ${EMPTY}
    ${deleted} =    Delete All Emails
    Should Be Equal    ${deleted}    ${1}
    Select Folder    INBOX
    Email Count Should Be    1    subject=Precious

A Name That Only Looks Like INBOX Is Another Folder
    [Documentation]    Without its dot, ı is another letter than i, also in capitals.
    [Tags]    not-embedded    not-greenmail
    Email With Subject    Precious
    Create Folder    ${ROOT}ınbox
    Select Folder    ${ROOT}ınbox
    Email Count Should Be    0
    Delete Folder    ${ROOT}ınbox
    Email Count Should Be    1    subject=Precious

The INBOX Can't Be Deleted
    Email With Subject    Hello
    Run Keyword And Expect Error    Could not delete folder 'INBOX' of ${ADDRESS} *
    ...    Delete Folder    INBOX
    Subjects Should Be    Hello
    Folder Should Exist    inbox

Another Folder Is Opened
    Email With Subject    In the inbox
    Create Folder    ${ROOT}Archive
    ${before} =    Select Folder    ${ROOT}Archive
    Should Be Equal    ${before}    INBOX
    Subjects Should Be    ${EMPTY}
    ${before} =    Select Folder    inbox
    Should Be Equal    ${before}    ${ROOT}Archive
    Subjects Should Be    In the inbox

A Folder That Is Not There Leaves The Other One Open
    ${email} =    Email With Subject    Hello
    Create Folder    ${ROOT}Archive
    Run Keyword And Expect Error
    ...    Could not open folder '${ROOT}Archvie' of ${ADDRESS} on ${HOST} port ${IMAP_PORT}: *Near it: ${ROOT}Archive.
    ...    Select Folder    ${ROOT}Archvie
    Email Should Be Unread    ${email}
    Run Keyword And Expect Error    *Near it: ${ROOT}Archive.    Get Folder Status    ${ROOT}Archvie
    Run Keyword And Expect Error    There is no folder '${ROOT}Archvie' of ${ADDRESS} *. Near it: ${ROOT}Archive.
    ...    Folder Should Exist    ${ROOT}Archvie
    Run Keyword And Expect Error    There is a folder '${ROOT}Archive' of ${ADDRESS} *
    ...    Folder Should Not Exist    ${ROOT}Archive

An Email Of One Folder Is None Of Another
    ${email} =    Email With Subject    Hello
    Create Folder    ${ROOT}Archive
    Select Folder    ${ROOT}Archive
    Run Keyword And Expect Error    A mark or an email of folder 'INBOX' * can't be used in folder '${ROOT}Archive' *
    ...    Mark Email As Read    ${email}

No Name Can Smuggle In A Command
    FOR    ${keyword}    IN    Create Folder    Delete Folder    Select Folder    Folder Exists
        Run Keyword And Expect Error    The folder contains a carriage return, *
        ...    ${keyword}    x\r\nZZ1 DELETE INBOX
        Run Keyword And Expect Error    The argument folder is missing or empty. *
        ...    ${keyword}    ${EMPTY}
    END

What Names No Folder Is No Folder Of That Name
    ${email} =    Email With Subject    Hello
    VAR    @{list}    INBOX
    FOR    ${keyword}    IN    Create Folder    Delete Folder    Select Folder    Folder Exists
    ...    Folder Should Exist    Folder Should Not Exist
        A Folder Must Be Given    folder    ${keyword}    ${NONE}
        A Folder Must Be Given    folder    ${keyword}    ${list}
        A Folder Must Be Given    folder    ${keyword}    ${email}
    END
    A Folder Must Be Given    new_name    Rename Folder    ${ROOT}Other    ${NONE}
    Run Keyword And Expect Error    The argument new_name is missing or empty. *
    ...    Rename Folder    ${ROOT}Other    ${EMPTY}

Nothing Gets Into What Names No Folder
    ${email} =    Email With Subject    Hello
    VAR    @{list}    INBOX
    FOR    ${keyword}    IN    Move Email    Copy Email
        Run Keyword And Expect Error    The argument folder is missing or empty. *
        ...    ${keyword}    ${email}    ${NONE}
        A Folder Must Be Given    folder    ${keyword}    ${email}    ${list}
        A Folder Must Be Given    folder    ${keyword}    ${email}    ${email}
    END
    FOR    ${keyword}    IN    Get Folder Status    Get Email Count    Append Email    Wait For Email
    ...    Open Mailbox
        A Folder Must Be Given    folder    ${keyword}    folder=${list}
        A Folder Must Be Given    folder    ${keyword}    folder=${email}
    END

No Level Of A Name Is Empty
    Create Folder    ${ROOT}Archive/
    FOR    ${name}    IN    /    /abs    ${ROOT}a//b    ${ROOT}a/b//
        Run Keyword And Expect Error    The folder name '${name}' has an empty level: *
        ...    Create Folder    ${name}
        Run Keyword And Expect Error    The folder name '${name}' has an empty level: *
        ...    Rename Folder    ${ROOT}Archive    ${name}
    END
    Folder Should Exist    ${ROOT}Archive
    ${name} =    Rename Folder    ${ROOT}Archive/    ${ROOT}Old/
    Should Be Equal    ${name}    ${ROOT}Old

What Names A Folder
    Create Folder    ${ROOT}Archive
    ${folders} =    List Folders
    FOR    ${folder}    IN    @{folders}
        IF    $folder.selectable    Select Folder    ${folder}
    END
    ${status} =    Get Folder Status    ${NONE}
    Should Be True    $status in $folders
    Open Mailbox    ${HOST}    ${ADDRESS}    ${PASSWORD}    port=${IMAP_PORT}    security=NONE
    ...    folder=${NONE}
    ${status} =    Get Folder Status
    Should Be Equal    ${status}    INBOX

What Another Session Deletes Is Told, And Another Folder Can Be Opened
    [Tags]    not-cyrus    not-courier
    Create Folder    ${ROOT}Archive
    Open Mailbox    ${HOST}    ${ADDRESS}    ${PASSWORD}    port=${IMAP_PORT}    security=NONE
    ...    folder=${ROOT}Archive    alias=reader
    Delete Folder    ${ROOT}Archive    mailbox=${ADDRESS}
    VAR    ${failure}    *folder '${ROOT}Archive' *: NO *. Something has deleted or renamed that folder since it was
    ...    opened. `Select Folder` opens another.    separator=${SPACE}
    Run Keyword And Expect Error    ${failure}    Wait For Email
    Run Keyword And Expect Error    ${failure}    Find Emails
    Run Keyword And Expect Error    Could not open folder '${ROOT}Archvie' *    Select Folder    ${ROOT}Archvie
    ${before} =    Select Folder    INBOX
    Should Be Equal    ${before}    ${ROOT}Archive
    Email With Subject    Hello

What Is Open For Reading Only Stays
    Create Folder    ${ROOT}Archive
    Open Mailbox    ${HOST}    ${ADDRESS}    ${PASSWORD}    port=${IMAP_PORT}    security=NONE
    ...    alias=reader    readonly=True
    Run Keyword And Expect Error    The mailbox 'reader' was opened with readonly=True, *
    ...    Create Folder    ${ROOT}New
    Run Keyword And Expect Error    The mailbox 'reader' was opened with readonly=True, *
    ...    Rename Folder    ${ROOT}Archive    ${ROOT}New
    Run Keyword And Expect Error    The mailbox 'reader' was opened with readonly=True, *
    ...    Delete Folder    ${ROOT}Archive
    Select Folder    ${ROOT}Archive
    Folder Should Not Exist    ${ROOT}New


*** Keywords ***
A Folder Of That Name Comes And Goes
    [Arguments]    ${name}
    ${made} =    Create Folder    ${name}
    Should Be Equal    ${made}    ${name}
    Folder Should Exist    ${name}
    It Is Opened    ${name}
    ${folders} =    List Folders    counts=False
    Should Contain    ${folders}    ${name}
    ${deleted} =    Delete Folder    ${name}
    Should Be True    ${deleted}
    Folder Should Not Exist    ${name}

A Folder Must Be Given
    [Arguments]    ${argument}    ${keyword}    @{arguments}    &{named}
    Run Keyword And Expect Error    *Argument '${argument}' got value * Give the name of *
    ...    ${keyword}    @{arguments}    &{named}

It Is Opened
    [Arguments]    ${name}
    ${before} =    Select Folder    ${name}
    ${status} =    Get Folder Status
    Should Be Equal    ${status}    ${name}
    Select Folder    ${before}
