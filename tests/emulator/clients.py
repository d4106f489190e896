"""boto3 clients for one account, and the emulator's own control endpoints."""

import json
import urllib.request
from typing import Any

import boto3
import botocore.session
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.loaders import Loader

CONFIG = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"})
# Shared, so that each service's model is read once and not once per account.
LOADER = Loader()
# Moto takes keys that it does not know for the management account's.
MANAGEMENT_KEYS = {"aws_access_key_id": "management", "aws_secret_access_key": "management"}


class Clients:
    def __init__(self, endpoint: str, credentials: dict[str, str]) -> None:
        self._endpoint = endpoint
        core = botocore.session.get_session()
        core.register_component("data_loader", LOADER)
        self._session = boto3.Session(botocore_session=core, **credentials)
        self._made: dict[tuple[str, str], Any] = {}

    @property
    def endpoint(self) -> str:
        return self._endpoint

    def of(self, service: str, region: str) -> Any:
        if (service, region) not in self._made:
            client = self._session.client(service, region_name=region, endpoint_url=self._endpoint, config=CONFIG)
            client.meta.events.register("before-sign.s3-control", self._without_account_in_host)
            self._made[service, region] = client
        return self._made[service, region]

    def control(self, method: str, path: str, data: Any = None) -> None:
        body = None if data is None else json.dumps(data).encode()
        with urllib.request.urlopen(urllib.request.Request(self._endpoint + path, data=body, method=method)):
            pass

    def _without_account_in_host(self, request: AWSRequest, **_: Any) -> None:
        """S3 Control puts the account id before the host, which an IP address does not take."""
        _, _, path = request.url.partition("/v20180820/")
        request.url = f"{self._endpoint}/v20180820/{path}"
