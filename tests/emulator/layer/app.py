"""The layer: takes a request apart, lets the guards refuse it, answers or amends what moto gets wrong, and logs it."""

import json
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import urlencode

from werkzeug.wrappers import Response

from . import (
    accounts,
    assume_role,
    backups,
    buckets,
    config,
    contacts,
    credential_report,
    databases,
    detection,
    ec2_settings,
    flow_logs,
    front_ends,
    functions,
    iam,
    identity_center,
    keys,
    organizations,
    monitoring,
    policy_status,
    resources,
    signatures,
    stacks,
    trails,
    vaults,
)
from .call import Call, Environ, body_of, buffer_body, read_call
from .errors import AwsError, error_response
from .paging import ANALYZERS, EC2_LISTINGS, JSON_LISTINGS, PROTECTED_RESOURCES, Forward, Pager
from .policies import Policies, resource_of
from .regions import Regions
from .rules import RuleBook
from .vpc_block import VpcBlocks

Handler = Callable[[Call, Forward], Response]
CONTROL = "/_emulator/"


@dataclass(frozen=True)
class Options:
    bucket_region: bool = True
    account_paths: bool = True
    page_size: int | None = None


class RequestLog:
    """One JSON line for each request. Never a credential: only what is named here is written."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", encoding="utf-8")
        self._lock = Lock()

    def write(self, call: Call, status: int) -> None:
        entry = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "account": call.account,
            "region": call.region,
            "service": call.service,
            "operation": call.operation,
            "action": call.action,
            "resource": resource_of(call),
            "status": status,
        }
        if call.target_account:
            entry["target_account"] = call.target_account
        with self._lock:
            self._file.write(json.dumps(entry) + "\n")
            self._file.flush()

    def truncate(self) -> None:
        with self._lock:
            self._file.truncate(0)


class Layer:
    def __init__(self, moto: Any, log: Path, options: Options) -> None:
        self._moto = moto
        self._log = RequestLog(log)
        self._options = options
        policy_status.patch_moto()
        stacks.patch_moto()
        resources.add()
        signatures.patch_moto()
        iam.patch_moto()
        ec2_settings.patch_moto()
        flow_logs.patch_moto()
        front_ends.patch_moto()
        functions.patch_moto()
        databases.patch_moto()
        detection.patch_moto()
        keys.patch_moto()
        organizations.patch_moto()
        monitoring.patch_moto()
        trails.patch_moto()
        vaults.patch_moto()
        self._reset()

    def _reset(self) -> None:
        monitoring.reset()
        self._rules = RuleBook()
        self._regions = Regions()
        self._vpc_blocks = VpcBlocks()
        self._mfa_delete = buckets.MfaDelete()
        self._backups = backups.Backups()
        self._vault_policies = vaults.VaultPolicies()
        self._ec2_settings = ec2_settings.Settings()
        self._policies = Policies()
        self._root_access = iam.RootAccess()
        self._identity_center = identity_center.IdentityCenter()
        self._contacts = contacts.Contacts()
        self._recorders = config.Recorders()
        self._detection = detection.Detection()
        self._resource_policy = organizations.ResourcePolicy()
        trails.reset()
        self._guards = (
            self._rules.refuse,
            self._regions.refuse,
            self._policies.refuse,
            assume_role.refuse,
            buckets.redirect,
            buckets.deny_location,
        )
        self._handlers = self._make_handlers()

    def _make_handlers(self) -> dict[tuple[str, str], Handler]:
        pager = Pager(self._options.page_size)
        paths = self._options.account_paths
        handlers: dict[tuple[str, str], Handler] = {
            ("account", "GetContactInformation"): _instead_of_moto(self._contacts.get),
            ("account", "ListRegions"): _instead_of_moto(self._regions.list),
            ("backup", "GetBackupVaultAccessPolicy"): _instead_of_moto(self._vault_policies.get),
            ("glacier", "GetVaultAccessPolicy"): _instead_of_moto(self._vault_policies.get),
            ("config", "DescribeDeliveryChannelStatus"): _instead_of_moto(self._recorders.delivery),
            ("ec2", "DescribeRegions"): _instead_of_moto(self._regions.describe),
            ("ec2", "DescribeVpcBlockPublicAccessOptions"): _instead_of_moto(self._vpc_blocks.describe_options),
            ("ec2", "DescribeVpcBlockPublicAccessExclusions"): _instead_of_moto(self._vpc_blocks.describe_exclusions),
            ("iam", "GetCredentialReport"): _after_moto(credential_report.amend),
            ("s3", "GetBucketVersioning"): _after_moto(self._mfa_delete.amend),
            ("iam", "ListOrganizationsFeatures"): _instead_of_moto(self._root_access.describe),
            ("sso", "ListInstances"): _instead_of_moto(self._identity_center.list),
            ("lambda", "ListFunctionUrlConfigs"): _instead_of_moto(functions.list_urls),
            ("iam", "ListServerCertificates"): _after_moto(iam.certificates),
            ("organizations", "DescribeResourcePolicy"): _instead_of_moto(self._resource_policy.describe),
            ("organizations", "PutResourcePolicy"): _instead_of_moto(self._resource_policy.put),
            ("organizations", "DescribeAccount"): _after_moto(partial(accounts.amend_account, paths)),
            ("organizations", "ListAccounts"): _after_moto(partial(accounts.amend_accounts, paths)),
            ("organizations", "ListAccountsForParent"): _after_moto(partial(accounts.amend_accounts, paths)),
        }
        for name, detect in self._detection.handlers().items():
            handlers[name] = _after_moto(detect)
        for name, detect in self._detection.answers().items():
            handlers[name] = _instead_of_moto(detect)
        handlers["access-analyzer", "ListAnalyzers"] = lambda call, _forward: pager.page_json(
            ANALYZERS, call, lambda _params: self._detection.analyzers(call)
        )
        settings = self._ec2_settings
        for operation, answer in {
            "GetSnapshotBlockPublicAccessState": settings.get_snapshot_block,
            "EnableSnapshotBlockPublicAccess": settings.enable_snapshot_block,
            "GetImageBlockPublicAccessState": settings.get_image_block,
            "DisableImageBlockPublicAccess": settings.disable_image_block,
            "GetInstanceMetadataDefaults": settings.get_metadata_defaults,
            "ModifyInstanceMetadataDefaults": settings.modify_metadata_defaults,
        }.items():
            handlers["ec2", operation] = _instead_of_moto(answer)
        for operation, listing in EC2_LISTINGS.items():
            handlers["ec2", operation] = partial(pager.page, listing)
        for name, json_listing in JSON_LISTINGS.items():
            handlers[name] = partial(pager.page_json, json_listing)
        handlers["backup", "ListProtectedResources"] = lambda call, _forward: pager.page_json(
            PROTECTED_RESOURCES, call, lambda _params: self._backups.list(call)
        )
        if self._options.bucket_region:
            handlers["s3", "ListBuckets"] = partial(buckets.list_buckets, pager)
        return handlers

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        buffer_body(environ)
        path = environ["PATH_INFO"]
        if path.startswith(CONTROL):
            response = self._control(environ["REQUEST_METHOD"], path.removeprefix(CONTROL), body_of(environ))
        elif path.startswith("/moto-api"):
            response = Response.from_app(self._moto, environ)
            if path == "/moto-api/reset":
                self._reset()
        else:
            response = self._logged(environ)
        return response(environ, start_response)

    def _logged(self, environ: Environ) -> Response:
        call = read_call(environ)
        response = self._answer(call, environ)
        self._log.write(call, response.status_code)
        return response

    def _answer(self, call: Call, environ: Environ) -> Response:
        try:
            return self._refuse(call) or self._handle(call, environ)
        except NotImplementedError as error:
            # Moto's own answer is an HTML page with status 500, which every SDK retries.
            return error_response(call, AwsError(400, "InvalidAction", f"moto: {error}"))
        except Exception as error:
            traceback.print_exc()
            return error_response(call, AwsError(500, "InternalError", f"the emulator failed: {error!r}"))

    def _refuse(self, call: Call) -> Response | None:
        return next((refusal for guard in self._guards if (refusal := guard(call))), None)

    def _handle(self, call: Call, environ: Environ) -> Response:
        forward = partial(_forward, self._moto, environ)
        handler = self._handlers.get((call.service, call.operation or ""))
        return handler(call, forward) if handler else forward(None)

    def _control(self, method: str, what: str, body: bytes) -> Response:
        try:
            data: Any = json.loads(body) if body else None
            match method, what:
                case "GET", "rules":
                    return _json(self._rules.show())
                case "POST", "rules":
                    self._rules.replace(data)
                case "POST", "regions":
                    self._regions.set(**data)
                case "POST", "vpc-block-public-access":
                    self._vpc_blocks.set(**data)
                case "POST", "mfa-delete":
                    self._mfa_delete.set(**data)
                case "POST", "backups":
                    self._backups.add(**data)
                case "POST", "vault-policy":
                    self._vault_policies.set(**data)
                case "POST", "file-system-created":
                    backups.set_created(**data)
                case "POST", "policies":
                    self._policies.enforce(**data)
                case "POST", "root":
                    iam.set_root(**data)
                case "POST", "ages":
                    iam.set_ages(**data)
                case "POST", "root-access":
                    self._root_access.set(**data)
                case "POST", "identity-center":
                    self._identity_center.set(**data)
                case "POST", "contact-details":
                    self._contacts.set(**data)
                case "POST", "config-failure":
                    self._recorders.fail(**data)
                case "POST", "analyzers":
                    self._detection.set_analyzers(**data)
                case "POST", "findings":
                    self._detection.set_findings(**data)
                case "POST", "detection":
                    self._detection.enable_all(**data)
                case "POST", "hub-v2":
                    self._detection.enable_hub_v2(**data)
                case "POST", "confirm":
                    monitoring.confirm(**data)
                case "POST", "trail-administrator":
                    trails.set_administrator(**data)
                case "POST", "trails-not-joined":
                    trails.set_not_joined(**data)
                case "POST", "trail-status":
                    trails.set_status(**data)
                case "POST", "session":
                    return _json(assume_role.session(**data))
                case "DELETE", "log":
                    self._log.truncate()
                case _:
                    return _json({"error": f"no control endpoint {method} {CONTROL}{what}"}, 404)
        except (ValueError, TypeError) as error:
            return _json({"error": str(error)}, 400)
        return _json({})


def _instead_of_moto(answer: Callable[[Call], Response]) -> Handler:
    return lambda call, _forward: answer(call)


def _after_moto(amend: Callable[[Call, Response], Response]) -> Handler:
    return lambda call, forward: amend(call, forward(None))


def _forward(moto: Any, environ: Environ, params: Mapping[str, str] | None) -> Response:
    environ = dict(environ)
    if params is None:
        environ["wsgi.input"] = BytesIO(body_of(environ))
    elif environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        body = urlencode(params).encode()
        environ |= {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body)), "QUERY_STRING": ""}
    else:
        environ["QUERY_STRING"] = urlencode(params)
    return Response.from_app(moto, environ)


def _json(data: Any, status: int = 200) -> Response:
    return Response(json.dumps(data), status, content_type="application/json")
