"""Stacks, where moto's CloudFormation goes wrong.

A key's tags are taken as KMS names them and not as CloudFormation does, and every key encrypts; a role's policies are kept as Python values and
not as JSON, with a null for what `AWS::NoValue` takes out of a list; a stack that a change set makes has no outputs;
what is to be retained except on creation is deleted; an update stumbles over a bucket without a name, and forgets
resources of which it knows no update.
"""

import json
from typing import Any

from moto.cloudformation import parsing
from moto.cloudformation.models import CloudFormationBackend
from moto.cloudformation.parsing import ResourceMap
from moto.iam.models import Role
from moto.kms.models import Key
from moto.kms.utils import generate_private_key
from moto.s3.models import FakeBucket


def patch_moto() -> None:
    """Once, before the first stack."""
    _kinds_and_tags_of_keys()
    _policies_of_roles()
    _outputs_of_change_sets()
    _retained_except_on_create()
    _updates_of_buckets()
    _unknown_updates()


def _kinds_and_tags_of_keys() -> None:
    create = Key.create_from_cloudformation_json.__func__

    def as_kms_has_it(cls: type[Key], name: str, template: dict[str, Any], *more: Any, **others: Any) -> Key:
        properties = dict(template["Properties"])
        tags = properties.get("Tags", [])
        properties["Tags"] = [{"TagKey": tag["Key"], "TagValue": tag["Value"]} for tag in tags]
        made: Key = create(cls, name, {**template, "Properties": properties}, *more, **others)
        if "KeySpec" in properties:
            made.key_spec, made.key_usage = properties["KeySpec"], properties["KeyUsage"]
            made.private_key = generate_private_key(made.key_spec)
        return made

    Key.create_from_cloudformation_json = classmethod(as_kms_has_it)  # type: ignore[method-assign, assignment]


def _policies_of_roles() -> None:
    put = Role.put_policy

    def as_json(self: Role, name: str, document: Any) -> None:
        put(self, name, document if isinstance(document, str) else json.dumps(_without_nulls(document)))

    Role.put_policy = as_json  # type: ignore[method-assign]


def _outputs_of_change_sets() -> None:
    execute = CloudFormationBackend.execute_change_set

    def with_outputs(self: CloudFormationBackend, *arguments: Any, **named: Any) -> None:
        execute(self, *arguments, **named)
        for stack in self.stacks.values():
            stack._parse_template()
            stack.output_map = stack._create_output_map()

    CloudFormationBackend.execute_change_set = with_outputs  # type: ignore[method-assign]


def _retained_except_on_create() -> None:
    delete = ResourceMap.delete

    def but_for_retained(self: ResourceMap) -> None:
        for resource in self._resource_json_map.values():
            if resource.get("DeletionPolicy") == "RetainExceptOnCreate":
                resource["DeletionPolicy"] = "Retain"
        delete(self)

    ResourceMap.delete = but_for_retained  # type: ignore[method-assign]


def _updates_of_buckets() -> None:
    update = FakeBucket.update_from_cloudformation_json.__func__

    def with_its_name(cls: type[FakeBucket], *arguments: Any, **named: Any) -> FakeBucket:
        named["cloudformation_json"]["Properties"].setdefault("BucketName", named["original_resource"].name)
        updated: FakeBucket = update(cls, *arguments, **named)
        return updated

    FakeBucket.update_from_cloudformation_json = classmethod(with_its_name)  # type: ignore[method-assign, assignment]


def _unknown_updates() -> None:
    update = parsing.parse_and_update_resource

    def or_as_it_was(name: str, resource: Any, resources: ResourceMap, *arguments: Any, **named: Any) -> Any:
        before = resources[name]
        return update(name, resource, resources, *arguments, **named) or before

    parsing.parse_and_update_resource = or_as_it_was


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nulls(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_nulls(item) for item in value if item is not None]
    return value
