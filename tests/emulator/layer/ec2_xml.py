"""EC2's query parameters and answers."""

import re
import secrets

from werkzeug.wrappers import Response

from .call import Call

NAMESPACE = "http://ec2.amazonaws.com/doc/2016-11-15/"


def numbered(call: Call, name: str) -> list[str]:
    """`Name.1`, `Name.2` and so on."""
    pattern = re.compile(rf"{re.escape(name)}\.\d+$")
    return [value for key, value in call.params.items() if pattern.match(key)]


def filters(call: Call, name: str) -> list[str]:
    """The values of the filter called `name`; none if it is not set."""
    for key, value in call.params.items():
        if value == name and re.fullmatch(r"Filter\.\d+\.Name", key):
            return numbered(call, key.removesuffix("Name") + "Value")
    return []


def ec2_response(operation: str, inner: str) -> Response:
    body = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{operation}Response xmlns="{NAMESPACE}">'
        f"<requestId>{secrets.token_hex(16)}</requestId>{inner}</{operation}Response>"
    )
    return Response(body, content_type="text/xml;charset=UTF-8")
