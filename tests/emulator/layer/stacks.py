"""Stacks: moto takes a key's tags from a template as KMS names them, and not as CloudFormation does."""

from typing import Any

from moto.kms.models import Key


def mend() -> None:
    """Once, before the first stack."""
    create = Key.create_from_cloudformation_json.__func__

    def with_kms_tags(cls: type[Key], name: str, template: dict[str, Any], *more: Any, **others: Any) -> Key:
        properties = dict(template["Properties"])
        tags = properties.get("Tags", [])
        properties["Tags"] = [{"TagKey": tag["Key"], "TagValue": tag["Value"]} for tag in tags]
        made: Key = create(cls, name, {**template, "Properties": properties}, *more, **others)
        return made

    Key.create_from_cloudformation_json = classmethod(with_kms_tags)  # type: ignore[method-assign, assignment]
