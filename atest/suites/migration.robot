*** Settings ***
Documentation    Suites of older libraries as they are, and what ``python -m ImapLibrary migrate`` makes of them.

Library          OperatingSystem
Library          Process
Resource         ../resources/mailbox.resource

Suite Setup      Set Up Folder


*** Test Cases ***
The Log Tells Once In A Suite What Is Superseded
    ${log} =    Run Suites    hints    ${CURDIR}/../hints    --variable    LEGACY_HINTS:True
    FOR    ${old}    ${today}    IN    Mark As Read    Mark All As Read    Get Links From Email    Get Email Links
        VAR    ${hint}
        ...    level="INFO">`${old}` is a keyword of older libraries and goes on working. Today it is `${today}`.
        Should Contain X Times    ${log}    ${hint}    2
    END
    Should Contain X Times    ${log}    level="WARN">The argument ssl=False is taken as plain text.    2

Hints Can Be Silenced
    ${log} =    Run Suites    silent    ${CURDIR}/../hints    --variable    LEGACY_HINTS:False
    Should Not Contain    ${log}    is a keyword of older libraries
    Should Not Contain    ${log}    is taken as plain text

Suites In The Old Style Pass When They Are Migrated
    Copy Old Suites
    ${told} =    Migrate    1    --check    ${FOLDER}
    Should Contain    ${told}    5 files would change.
    ${told} =    Migrate    0    ${FOLDER}
    Should Contain    ${told}    5 files changed.
    FOR    ${name}    IN    imaplibrary    imaplibrary_2012    imaplibrary2    multipart    own_keywords
        ${suite} =    Get File    ${FOLDER}/suites/older/${name}.robot
        Should Not Match Regexp
        ...    ${suite}
        ...    Wait For Mail|[a-z]Email=|[a-z]_email=|is_secure|utf-8=|Mark As Read|sentsince
    END
    ${told} =    Migrate    0    --check    ${FOLDER}
    Should Contain    ${told}    0 files would change.
    Run Suites    migrated    ${FOLDER}/suites/older

A Suite Of Something Else Is Not Touched
    VAR    @{lines}    *** Settings ***    Library${SPACE * 4}RPA.Email.ImapSmtp
    ...    *** Tasks ***    Read All    ${SPACE * 4}Mark As Read    ${SPACE * 4}Wait For Mail
    VAR    ${suite}    @{lines}    separator=\r\n
    Create Binary File    ${FOLDER}/other.robot    ${suite}
    Migrate    0    ${FOLDER}/other.robot
    ${after} =    Get Binary File    ${FOLDER}/other.robot
    Should Be Equal    ${after}    ${suite.encode()}


*** Keywords ***
Set Up Folder
    VAR    ${FOLDER}    ${OUTPUT DIR}/migration/${SERVER}    scope=SUITE
    Remove Directory    ${FOLDER}    recursive=True
    Create Directory    ${FOLDER}

Copy Old Suites
    [Documentation]    Three of them get their import of ImapLibrary2 back.
    Copy Directory    ${CURDIR}/older    ${FOLDER}/suites/older
    Copy Directory    ${CURDIR}/../resources    ${FOLDER}/resources
    FOR    ${name}    IN    imaplibrary2    multipart    own_keywords
        ${suite} =    Get File    ${FOLDER}/suites/older/${name}.robot
        Should Contain    ${suite}    ImapLibrary${SPACE * 4}AS${SPACE * 4}ImapLibrary2
        Create File    ${FOLDER}/suites/older/${name}.robot
        ...    ${suite.replace('ImapLibrary${SPACE * 4}AS${SPACE * 4}', '')}
    END

Migrate
    [Documentation]    Returns what it prints, when it has ended with the exit code.
    [Arguments]    ${code}    @{arguments}
    ${run} =    Run Process    ${{sys.executable}}    -m    ImapLibrary    migrate    @{arguments}
    ...    stderr=STDOUT    timeout=1 min
    Should Be Equal As Integers    ${run.rc}    ${code}    ${run.stdout}
    RETURN    ${run.stdout}

Run Suites
    [Documentation]    Returns the output of the suites, as XML, when all tests have passed.
    [Arguments]    ${name}    ${suites}    @{options}
    VAR    @{variables}    @{EMPTY}
    FOR    ${each}    IN    HOST    IMAP_PORT    DELIVERY    DELIVERY_PORT    PASSWORD    ACCOUNTS_URL
        VAR    @{variables}    @{variables}    --variable    ${each}:${${each}}
    END
    ${address} =    New Address    ${name}
    ${run} =    Run Process    ${{sys.executable}}    -m    robot    @{variables}    @{options}
    ...    --variable    USER:${address}    --variable    CUSTOMER:customer-${address}
    ...    --outputdir    ${FOLDER}/${name}-results    ${suites}
    ...    stdout=${FOLDER}/${name}.txt    stderr=STDOUT    timeout=1 min
    Should Be Equal As Integers    ${run.rc}    0    ${run.stdout}
    ${output} =    Get File    ${FOLDER}/${name}-results/output.xml
    RETURN    ${output.partition('<errors>')[0]}
