"""Account Management: the primary contact, which moto does not have. An account always has one at first, as on AWS."""

import json

from werkzeug.wrappers import Response

from .call import Call
from .errors import AwsError, error_response

REQUIRED = ("FullName", "AddressLine1", "City", "PostalCode", "CountryCode", "PhoneNumber")
FIRST = {name: "XX" if name == "CountryCode" else f"example {name}" for name in REQUIRED}


class Contacts:
    def __init__(self) -> None:
        self._changed: dict[str, dict[str, str] | None] = {}

    def set(self, account: str, details: dict[str, str] | None) -> None:
        """What no API of AWS does: `null` removes the contact, and others may lack what AWS requires."""
        self._changed[account] = details

    def get(self, call: Call) -> Response:
        details = self._changed.get(call.account, FIRST)
        if details is None:
            message = "The contact information of the account was not found."
            return error_response(call, AwsError(404, "ResourceNotFoundException", message))
        return Response(json.dumps({"ContactInformation": details}), content_type="application/json")
