*** Settings ***
Documentation     The invoice is attached to the email, and the email can be kept.

Library           OperatingSystem
Resource          mail_server.resource

Suite Setup       Open Server And Mailbox    payer@example.com
Suite Teardown    Close All Mailboxes


*** Test Cases ***
The Invoice Is A PDF
    Order    payer@example.com    A sofa
    ${email} =    Wait For Email    subject=A sofa
    ${pdf} =    Get Attachment Content    ${email}    name=invoice*.pdf
    Should Be True    $pdf.startswith(b'%PDF')
    @{paths} =    Save Email Attachments    ${email}    ${OUTPUT_DIR}/invoices    type=application/pdf
    File Should Not Be Empty    ${paths}[0]

What Was Kept Can Be Read Again
    Order    payer@example.com    A table
    ${email} =    Wait For Email    subject=A table
    ${path} =    Save Email    ${email}    ${OUTPUT_DIR}/table.eml    overwrite=True
    ${kept} =    Load Email    ${path}
    Should Be Equal    ${kept.attachments[0].name}    invoice.pdf
    Should Be Equal    ${kept.to[0].address}    payer@example.com
    # A browser library opens this one: New Page    file://${page}
    ${page} =    Save Email As HTML    ${kept}    ${OUTPUT_DIR}/table.html    overwrite=True
    File Should Exist    ${page}
