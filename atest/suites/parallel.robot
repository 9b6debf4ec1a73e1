*** Settings ***
Documentation    Suites that run in parallel, by pabot, against one mailbox.

Library          OperatingSystem
Library          Process
Resource         ../resources/mailbox.resource

Test Teardown    Close All Mailboxes


*** Variables ***
${PROCESSES}    8
${TESTS}        25


*** Test Cases ***
Many Processes Share A Mailbox Without Crosstalk
    [Documentation]    No test sees the email of another, and none is lost.
    Open Test Mailbox
    ${output} =    Run In Parallel
    Should Contain    ${output}    ${${PROCESSES} * ${TESTS}} passed, 0 failed
    ${count} =    Get Email Count    subject=Confirm your address
    Should Be Equal As Integers    ${count}    ${${PROCESSES} * ${TESTS}}


*** Keywords ***
Run In Parallel
    VAR    ${folder}    ${OUTPUT DIR}/parallel
    VAR    @{copies}    @{EMPTY}
    FOR    ${number}    IN RANGE    ${PROCESSES}
        Create File    ${folder}/${number}.args    --metadata\nCopy:${number}\n
        VAR    @{copies}    @{copies}    --argumentfile${number + 1}    ${folder}/${number}.args
    END
    VAR    @{variables}    @{EMPTY}
    FOR    ${name}    IN    HOST    IMAP_PORT    DELIVERY    DELIVERY_PORT    PASSWORD
        VAR    @{variables}    @{variables}    --variable    ${name}:${${name}}
    END
    ${run} =    Run Process    ${{sys.executable}}    -m    pabot.pabot
    ...    --command    ${{sys.executable}}    -m    robot    --end-command
    ...    --processes    ${PROCESSES}    --no-pabotlib    @{copies}
    ...    @{variables}    --variable    SHARED:${ADDRESS}
    ...    --outputdir    ${folder}    ${CURDIR}/../parallel
    ...    cwd=${folder}    stdout=${folder}/pabot.txt    stderr=STDOUT
    Log    ${run.stdout}
    Should Be Equal As Integers    ${run.rc}    0    ${run.stdout}
    RETURN    ${run.stdout}
