"""Volumes, snapshots and images."""

from collections.abc import Iterator
from typing import Any

from cases.disks import Image, Sharing, Snapshot, Volume

from .compute import IMAGE, SIZE_GIB
from .site import Site, make


@make.register
def _(volume: Volume, name: str, site: Site) -> None:
    made = create_volume(site, volume.region, volume.encrypted)
    site.record_ec2(name, volume.region, "volume", made)
    if volume.attached:
        ec2 = site.ec2(volume.region)
        place = {"AvailabilityZone": f"{volume.region}a"}
        disk = [{"DeviceName": "/dev/sda1", "Ebs": {"Encrypted": True, "VolumeSize": SIZE_GIB}}]
        launched = ec2.run_instances(ImageId=IMAGE, MinCount=1, MaxCount=1, Placement=place, BlockDeviceMappings=disk)
        instance = launched["Instances"][0]["InstanceId"]
        site.record_ec2(f"instance-of-{name}", volume.region, "instance", instance)
        ec2.attach_volume(VolumeId=made, InstanceId=instance, Device="/dev/sdf")


def create_volume(site: Site, region: str, encrypted: bool) -> str:
    ec2 = site.ec2(region)
    made: str = ec2.create_volume(AvailabilityZone=f"{region}a", Size=SIZE_GIB, Encrypted=encrypted)["VolumeId"]
    return made


@make.register
def _(snapshot: Snapshot, name: str, site: Site) -> None:
    ec2 = site.ec2(snapshot.region)
    volume = create_volume(site, snapshot.region, snapshot.encrypted)
    site.record_ec2(f"volume-of-{name}", snapshot.region, "volume", volume)
    made = ec2.create_snapshot(VolumeId=volume)["SnapshotId"]
    site.record_ec2(name, snapshot.region, "snapshot", made)
    for operation, whom in steps(snapshot.sharing):
        with_whom: dict[str, Any] = {"GroupNames": ["all"]} if whom == "all" else {"UserIds": [whom]}
        ec2.modify_snapshot_attribute(
            SnapshotId=made, Attribute="createVolumePermission", OperationType=operation, **with_whom
        )


@make.register
def _(image: Image, name: str, site: Site) -> None:
    ec2 = site.ec2(image.region)
    made = ec2.register_image(Name=name, RootDeviceName="/dev/sda1")["ImageId"]
    site.record_ec2(name, image.region, "image", made)
    for operation, whom in steps(image.sharing):
        with_whom = [{"Group": "all"} if whom == "all" else {"UserId": whom}]
        ec2.modify_image_attribute(ImageId=made, LaunchPermission={operation.capitalize(): with_whom})


def steps(sharing: Sharing) -> Iterator[tuple[str, str]]:
    for step in sharing.steps:
        yield ("remove" if step.startswith("-") else "add"), step.removeprefix("-")
