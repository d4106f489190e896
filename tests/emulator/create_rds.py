"""Makes databases of RDS and their snapshots. Importing it teaches `create` how."""

from typing import Any

from create import Site, create
from kinds import Database, DatabaseCluster, DatabaseReplica, DatabaseSnapshot

OWNER = {"MasterUsername": "owner", "MasterUserPassword": "not-a-secret"}
# Moto knows no version of RDS Custom on its own.
CUSTOM_VERSION = "19.example"


@create.register
def _(cluster: DatabaseCluster, site: Site) -> None:
    is_aurora = cluster.engine.startswith("aurora")
    rds = site.clients.of("rds", cluster.region)
    made = rds.create_db_cluster(
        DBClusterIdentifier=cluster.name,
        Engine=cluster.engine,
        StorageEncrypted=cluster.encrypted,
        AutoMinorVersionUpgrade=cluster.upgrades,
        BackupRetentionPeriod=cluster.backups,
        DeletionProtection=cluster.protected,
        # What a cluster without Aurora has to have.
        **({} if is_aurora else {"DBClusterInstanceClass": "db.m6gd.large"}),
        **OWNER,
    )["DBCluster"]
    site.record(cluster.name, cluster.region, made["DBClusterArn"])


@create.register
def _(database: Database, site: Site) -> None:
    rds = site.clients.of("rds", database.region)
    placed: dict[str, Any] = {}
    if database.subnet:
        group = f"{database.name}-subnets"
        rds.create_db_subnet_group(
            DBSubnetGroupName=group, DBSubnetGroupDescription=group, SubnetIds=[site.ids[database.subnet]]
        )
        placed["DBSubnetGroupName"] = group
    if database.groups:
        placed["VpcSecurityGroupIds"] = [site.ids[group] for group in database.groups]
    made = rds.create_db_instance(
        DBInstanceIdentifier=database.name,
        DBInstanceClass="db.t4g.micro",
        AllocatedStorage=20,
        Port=database.port,
        PubliclyAccessible=database.public,
        StorageEncrypted=database.encrypted,
        AutoMinorVersionUpgrade=database.upgrades,
        AvailabilityZone=f"{database.region}{database.zone}",
        **OWNER,
        **(of_cluster(database) if database.cluster else on_its_own(database)),
        **placed,
    )["DBInstance"]
    site.record(database.name, database.region, made["DBInstanceArn"])


def of_cluster(database: Database) -> dict[str, Any]:
    return {"DBClusterIdentifier": database.cluster, "Engine": "aurora-postgresql"}


def on_its_own(database: Database) -> dict[str, Any]:
    """What the instance of a cluster has from it."""
    version = {"EngineVersion": CUSTOM_VERSION} if database.engine.startswith("custom-") else {}
    return {
        "Engine": database.engine,
        "BackupRetentionPeriod": database.backups,
        "MultiAZ": database.multi_az,
        "DeletionProtection": database.protected,
        **version,
    }


@create.register
def _(replica: DatabaseReplica, site: Site) -> None:
    rds = site.clients.of("rds", replica.region)
    made = rds.create_db_instance_read_replica(
        DBInstanceIdentifier=replica.name, SourceDBInstanceIdentifier=replica.source
    )["DBInstance"]
    # Moto copies all settings of the source.
    rds.modify_db_instance(
        DBInstanceIdentifier=replica.name, BackupRetentionPeriod=0, MultiAZ=False, DeletionProtection=False
    )
    site.record(replica.name, replica.region, made["DBInstanceArn"])


@create.register
def _(snapshot: DatabaseSnapshot, site: Site) -> None:
    rds = site.clients.of("rds", snapshot.region)
    share = {"AttributeName": "restore", "ValuesToAdd": ["all"]}
    if snapshot.cluster:
        named = {"DBClusterSnapshotIdentifier": snapshot.name}
        made = rds.create_db_cluster_snapshot(DBClusterIdentifier=snapshot.cluster, **named)["DBClusterSnapshot"]
        site.record(snapshot.name, snapshot.region, made["DBClusterSnapshotArn"])
        if snapshot.public:
            rds.modify_db_cluster_snapshot_attribute(**named, **share)
    else:
        named = {"DBSnapshotIdentifier": snapshot.name}
        made = rds.create_db_snapshot(DBInstanceIdentifier=snapshot.database, **named)["DBSnapshot"]
        site.record(snapshot.name, snapshot.region, made["DBSnapshotArn"])
        if snapshot.public:
            rds.modify_db_snapshot_attribute(**named, **share)
