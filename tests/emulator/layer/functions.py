"""URLs of Lambda functions, which moto does not list, and the condition that AddPermission adds for them."""

import json
from typing import Any

from moto.awslambda.exceptions import UnknownFunctionException
from moto.awslambda.models import lambda_backends
from moto.awslambda.policy import Policy
from werkzeug.wrappers import Response

from .call import Call
from .errors import AwsError, error_response

NO_FUNCTION = AwsError(404, "ResourceNotFoundException", "The resource you requested does not exist.")


def patch_moto() -> None:
    """Once, before the first request."""
    merge = Policy.condition_merge

    def condition_merge(policy: Policy, statement: dict[str, Any]) -> None:
        """AWS makes a condition of the parameter. Moto leaves it as it is."""
        merge(policy, statement)
        if auth_type := statement.pop("FunctionUrlAuthType", None):
            condition = statement.setdefault("Condition", {}).setdefault("StringEquals", {})
            condition["lambda:FunctionUrlAuthType"] = auth_type

    Policy.condition_merge = condition_merge  # type: ignore[method-assign]


def list_urls(call: Call) -> Response:
    try:
        function = lambda_backends[call.account][call.region].get_function(call.function or "")
    except UnknownFunctionException:
        return error_response(call, NO_FUNCTION)
    urls = [function.url_config.to_dict()] if function.url_config else []
    return Response(json.dumps({"FunctionUrlConfigs": urls}), content_type="application/json")
