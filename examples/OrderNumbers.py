"""A plugin of ImapLibrary: a keyword for what only the emails of this shop have."""

from robot.api import logger
from robot.api.deco import keyword


class OrderNumbers:
    """Adds `Get Order Number` to the keywords of the library."""

    def __init__(self, library, prefix="A"):
        """Remember the library, whose keywords are its methods, and what numbers begin with."""
        self._library = library
        self._prefix = prefix

    @keyword
    def get_order_number(self, email):
        """Returns the number of the order that an email is about."""
        text = self._library.get_email_text(email)
        numbers = {word.strip(".,;:!?()") for word in text.split() if self._begins(word)}
        if len(numbers) != 1:
            raise AssertionError(f"One order number was expected, not {len(numbers)}: {text}")
        number = numbers.pop()
        logger.info(f"The order is {number}.")
        return number

    def _begins(self, word):
        return word.lstrip("(").startswith(f"{self._prefix}-")
