"""Databases of RDS with their settings, and their snapshots."""

from typing import Any

from cases.database_settings import DatabaseSnapshot, SetCluster, SetDatabase, SetReplica
from cases.model import VIRGINIA

from .site import Site, make

OWNER = {"MasterUsername": "owner", "MasterUserPassword": "not-a-secret"}
# Moto knows no version and no port of RDS Custom on its own.
CUSTOM = {"EngineVersion": "19.example", "Port": 1521}


def rds(site: Site, region: str) -> Any:
    return site.clients.of("rds", region)


@make.register
def _(database: SetDatabase, name: str, site: Site) -> None:
    own = {"DBClusterIdentifier": database.cluster} if database.cluster else standing_alone(database)
    made = rds(site, database.region).create_db_instance(
        DBInstanceIdentifier=name,
        DBInstanceClass="db.t4g.medium",
        Engine=database.engine,
        AutoMinorVersionUpgrade=database.upgrades,
        MultiAZ=database.multi_az,
        DeletionProtection=database.protected,
        AvailabilityZone=f"{database.region}{database.zone}",
        PubliclyAccessible=False,
        **own,
    )["DBInstance"]
    site.arns[name] = made["DBInstanceArn"]
    if database.state == "stopped":
        rds(site, database.region).stop_db_instance(DBInstanceIdentifier=name)


def standing_alone(database: SetDatabase) -> dict[str, Any]:
    """What the instance of a cluster has from it."""
    custom = CUSTOM if database.engine.startswith("custom-") else {}
    storage = {"AllocatedStorage": 20, "StorageEncrypted": database.encrypted}
    return {"BackupRetentionPeriod": database.backups, **storage, **custom, **OWNER}


@make.register
def _(replica: SetReplica, name: str, site: Site) -> None:
    client = rds(site, VIRGINIA)
    made = client.create_db_instance_read_replica(DBInstanceIdentifier=name, SourceDBInstanceIdentifier=replica.source)
    site.arns[name] = made["DBInstance"]["DBInstanceArn"]
    # Moto copies all settings of the source.
    client.modify_db_instance(
        DBInstanceIdentifier=name,
        BackupRetentionPeriod=replica.backups,
        MultiAZ=replica.multi_az,
        DeletionProtection=replica.protected,
    )


@make.register
def _(cluster: SetCluster, name: str, site: Site) -> None:
    client = rds(site, cluster.region)
    more: dict[str, Any] = {}
    if cluster.engine in ("mysql", "postgres"):
        # What a cluster without Aurora has to have.
        more["DBClusterInstanceClass"] = "db.m6gd.large"
    if cluster.global_database:
        client.create_global_cluster(GlobalClusterIdentifier=cluster.global_database, Engine=cluster.engine)
        more["GlobalClusterIdentifier"] = cluster.global_database
    if cluster.replica_of:
        more["ReplicationSourceIdentifier"] = site.arns[cluster.replica_of]
    made = client.create_db_cluster(
        DBClusterIdentifier=name,
        Engine=cluster.engine,
        AutoMinorVersionUpgrade=cluster.upgrades,
        BackupRetentionPeriod=cluster.backups,
        DeletionProtection=cluster.protected,
        StorageEncrypted=cluster.encrypted,
        **more,
        **OWNER,
    )["DBCluster"]
    site.arns[name] = made["DBClusterArn"]


@make.register
def _(snapshot: DatabaseSnapshot, name: str, site: Site) -> None:
    client = rds(site, snapshot.region)
    if snapshot.cluster:
        named = {"DBClusterSnapshotIdentifier": name}
        made = client.create_db_cluster_snapshot(DBClusterIdentifier=snapshot.cluster, **named)["DBClusterSnapshot"]
        site.arns[name] = made["DBClusterSnapshotArn"]
        share = client.modify_db_cluster_snapshot_attribute
    else:
        named = {"DBSnapshotIdentifier": name}
        site.arns[name] = of_instance(snapshot, name, site)
        share = client.modify_db_snapshot_attribute
    if snapshot.shared:
        share(**named, AttributeName="restore", ValuesToAdd=list(snapshot.shared))
    if snapshot.withdrawn:
        share(**named, AttributeName="restore", ValuesToRemove=list(snapshot.withdrawn))


def of_instance(snapshot: DatabaseSnapshot, name: str, site: Site) -> str:
    client = rds(site, snapshot.region)
    database = snapshot.database or f"source-of-{name}"
    if snapshot.deleted:
        make(SetDatabase(encrypted=False, protected=False, region=snapshot.region), database, site)
    taken = f"original-of-{name}" if snapshot.copied else name
    made = client.create_db_snapshot(DBInstanceIdentifier=database, DBSnapshotIdentifier=taken)["DBSnapshot"]
    if snapshot.copied:
        key = site.clients.of("kms", snapshot.region).create_key()["KeyMetadata"]["Arn"]
        copied = client.copy_db_snapshot(
            SourceDBSnapshotIdentifier=taken, TargetDBSnapshotIdentifier=name, KmsKeyId=key
        )
        client.delete_db_snapshot(DBSnapshotIdentifier=taken)
        made = copied["DBSnapshot"]
    if snapshot.deleted:
        client.delete_db_instance(DBInstanceIdentifier=database, SkipFinalSnapshot=True)
        del site.arns[database]
    arn: str = made["DBSnapshotArn"]
    return arn
