"""Keywords of the older libraries that visit the parts of an email one after the other."""

from robot.api.deco import keyword

from ImapLibrary.keywords.emails import Emails
from ImapLibrary.keywords.hints import Hints
from ImapLibrary.keywords.walks import Walks
from ImapLibrary.mail.reference import Reference
from ImapLibrary.mail.walking import payload
from ImapLibrary.mailboxes import Mailboxes


class MultipartKeywords:
    """Old keywords for multipart emails. What they are for is done today without visiting parts."""

    def __init__(self, mailboxes: Mailboxes, hints: Hints, walks: Walks) -> None:
        self._emails = Emails(mailboxes)
        self._hints = hints
        self._walks = walks

    @keyword
    def walk_multipart_email(self, email_index: Reference) -> int | bool:
        """*Superseded* by `Get Email Body` and `Get Email Attachments`, which read any email.

        ``email_index`` is what `Wait For Email` returned, or a UID.

        Goes to the next part of the email, and returns how many parts it has on its top level.
        The first call goes to the email itself, which holds them. After the last part it returns
        ``False``, and the next call begins anew, as does one with another email. Each open
        mailbox has a walk of its own. Marks the email as read.

        Examples:
        | ${parts} = | Walk Multipart Email | ${email} | |
        | FOR | ${i} | IN RANGE | ${parts} |
        | | Walk Multipart Email | ${email} | |
        | | ${type} = | Get Multipart Content Type | |
        | | IF | '${type}' != 'text/plain' | CONTINUE |
        | | ${text} = | Get Multipart Payload | decode=True |
        | | Should Contain | ${text} | Your code is |
        | END | | | |
        """
        self._hints.superseded(
            "Walk Multipart Email", "`Get Email Body` and `Get Email Attachments`"
        )
        walk = self._walks.through(email_index)
        if walk is None:
            walk = self._walks.begin(self._emails.whole(email_index, None))
        if walk.step():
            return walk.count
        self._walks.end()
        return False

    @keyword
    def get_multipart_content_type(self) -> str:
        """*Superseded* by `Get Email Attachments`, whose results have a ``type``.

        Returns the type of the part where `Walk Multipart Email` stands, in lower case.

        Examples:
        | Walk Multipart Email | ${email} | | |
        | ${type} = | Get Multipart Content Type | | |
        | Should Be Equal | ${type} | multipart/mixed | |
        """
        self._hints.superseded("Get Multipart Content Type", "`Get Email Attachments`")
        return self._walks.part().content_type

    @keyword
    def get_multipart_field(self, field: str) -> str | None:
        """*Superseded* by `Get Email Header`.

        ``field`` is the name of a header field in any case.

        Returns the field of the email whose parts `Walk Multipart Email` visits, decoded, or None
        if there is no such field.

        Examples:
        | Walk Multipart Email | ${email} | |
        | ${subject} = | Get Multipart Field | Subject |
        | Should Be Equal | ${subject} | Welcome |
        """
        self._hints.superseded("Get Multipart Field", "`Get Email Header`")
        return self._walks.email().headers.get(field)

    @keyword
    def get_multipart_field_names(self) -> list[str]:
        """*Superseded* by ``${email.headers}``.

        Returns the names of the header fields of the email whose parts `Walk Multipart Email`
        visits, each once.

        Examples:
        | Walk Multipart Email | ${email} | |
        | @{names} = | Get Multipart Field Names | |
        | Should Contain | ${names} | Subject |
        """
        self._hints.superseded("Get Multipart Field Names", "${email.headers}")
        return list(self._walks.email().headers)

    @keyword
    def get_multipart_payload(self, decode: bool = False) -> str | bytes | None:
        """*Superseded* by `Get Email Body` and `Get Attachment Content`.

        ``decode`` tells whether the transfer encoding is taken off, such as base64. Then the
        content of the part where `Walk Multipart Email` stands is text if it has a charset, and
        bytes if not. Without, it is the text as it was sent. Of a part that holds other parts it is
        None.

        Examples:
        | Walk Multipart Email | ${email} | |
        | Walk Multipart Email | ${email} | |
        | ${text} = | Get Multipart Payload | decode=True |
        | Should Contain | ${text} | Your code is 1234 |
        """
        self._hints.superseded(
            "Get Multipart Payload", "`Get Email Body` and `Get Attachment Content`"
        )
        return payload(self._walks.part(), decoded=decode)

    @keyword
    def get_multipart_param(self, param: str, header: str = "content-type") -> str | None:
        """*Superseded* by `Get Email Attachments`, whose results have a ``name``.

        | =Argument= | =Meaning= |
        | ``param``  | Name of a parameter, such as ``charset``. |
        | ``header`` | The header field that has it. |

        Returns the parameter of the part where `Walk Multipart Email` stands, decoded, or None if
        there is no such parameter.

        Examples:
        | Walk Multipart Email | ${email} | |
        | Walk Multipart Email | ${email} | |
        | ${charset} = | Get Multipart Param | charset |
        | Should Be Equal | ${charset} | utf-8 |
        """
        self._hints.superseded("Get Multipart Param", "`Get Email Attachments`")
        return self._walks.part().parameter(param.lower(), header) or None
