"""Databases of RDS: upgrades, backups, availability zones, deletion protection, and their snapshots."""

from dataclasses import dataclass

from .model import IRELAND, VIRGINIA, Case, Table

UPGRADES = "rds-minor-upgrade-off"
BACKUPS = "rds-backup-short"
ZONES = "rds-single-az"
PROTECTION = "rds-deletion-protection-off"
PUBLIC = "rds-snapshot-public"
PLAIN = "rds-snapshot-unencrypted"
# What is said of a read replica.
REPLICA = "informational"
EVERYBODY = "all"
SOMEBODY = "111122223333"


@dataclass(frozen=True)
class SetDatabase:
    """An instance. That of a cluster has the cluster's engine, backups and storage."""

    engine: str = "postgres"
    upgrades: bool = True
    backups: int = 7
    multi_az: bool = True
    protected: bool = True
    encrypted: bool = True
    state: str = "available"
    zone: str = "a"
    cluster: str | None = None
    region: str = VIRGINIA


@dataclass(frozen=True)
class SetReplica:
    source: str
    backups: int = 0
    multi_az: bool = False
    protected: bool = False


@dataclass(frozen=True)
class SetCluster:
    """Of Aurora, or a Multi-AZ DB cluster. A replica is of a cluster in the other Region."""

    engine: str = "aurora-postgresql"
    upgrades: bool = True
    backups: int = 7
    protected: bool = True
    encrypted: bool = True
    global_database: str | None = None
    replica_of: str | None = None
    region: str = VIRGINIA


@dataclass(frozen=True)
class DatabaseSnapshot:
    """A manual one. It is shared with these accounts, then no longer with those that are `withdrawn`. A copy is encrypted."""

    database: str | None = None
    cluster: str | None = None
    shared: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    copied: bool = False
    deleted: bool = False
    region: str = VIRGINIA


ALL_OFF = SetDatabase(upgrades=False, backups=0, multi_az=False, protected=False)
INSTANCES = (
    Case("settings-good", SetDatabase(), (), "all as it should be"),
    Case("settings-bad", ALL_OFF, (UPGRADES, BACKUPS, ZONES, PROTECTION), "nothing as it should be"),
    Case("settings-good-ireland", SetDatabase(region=IRELAND), (), "in another Region"),
    Case("upgrades-off", SetDatabase(upgrades=False), (UPGRADES,), "the setting is off"),
    Case("upgrades-off-mysql", SetDatabase("mysql", False), (UPGRADES,), "whatever the engine"),
    Case("upgrades-off-sql-server", SetDatabase("sqlserver-se", False), (UPGRADES,), "whatever the engine"),
    Case("upgrades-off-ireland", SetDatabase(upgrades=False, region=IRELAND), (UPGRADES,), "in another Region"),
    Case("upgrades-off-stopped", SetDatabase(upgrades=False, state="stopped"), (UPGRADES,), "starts with the setting"),
    Case("upgrades-of-custom", SetDatabase("custom-oracle-ee", False), (), "RDS Custom accepts nothing else"),
    Case("backups-0", SetDatabase(backups=0), (BACKUPS,), "no backups"),
    Case("backups-1", SetDatabase(backups=1), (BACKUPS,), "a day, the API's default"),
    Case("backups-6", SetDatabase(backups=6), (BACKUPS,), "a day too few"),
    Case("backups-7", SetDatabase(backups=7), (), "just enough"),
    Case("backups-8", SetDatabase(backups=8), (), "more than enough"),
    Case("backups-35", SetDatabase(backups=35), (), "the most there is"),
    Case("backups-0-custom", SetDatabase("custom-oracle-ee", backups=0), (BACKUPS,), "RDS Custom has backups"),
    Case("zone-single", SetDatabase(multi_az=False), (ZONES,), "no standby", "low"),
    Case("zone-single-express", SetDatabase("sqlserver-ex", multi_az=False), (ZONES,), "this edition has no standby"),
    Case("zone-single-stopped", SetDatabase(multi_az=False, state="stopped"), (ZONES,), "starts without a standby"),
    Case("protection-off", SetDatabase(protected=False), (PROTECTION,), "the setting is off", "low"),
    Case("protection-off-custom", SetDatabase("custom-oracle-ee", protected=False), (PROTECTION,), "whatever the engine"),
    Case("replica", SetReplica("settings-good"), (ZONES, PROTECTION), "no backups by design", REPLICA),
    Case("replica-with-backups", SetReplica("settings-good", 1, True, True), (), "its source has the backups"),
    Case("settings-of-neptune", SetDatabase("neptune", False, 0, False, False), (), "RDS lists it, and Neptune has it"),
)

CLUSTERS = (
    Case("aurora-good", SetCluster(), (), "two instances in two zones"),
    Case("aurora-one-instance", SetCluster(), (ZONES,), "one instance", "low"),
    Case("aurora-one-zone", SetCluster(), (ZONES,), "two instances in one zone"),
    Case("aurora-empty", SetCluster(), (ZONES,), "no instance at all"),
    Case("aurora-backups-1", SetCluster(backups=1), (BACKUPS, ZONES), "the API's default"),
    Case("aurora-backups-6", SetCluster(backups=6), (BACKUPS, ZONES), "a day too few"),
    Case("aurora-backups-35", SetCluster(backups=35), (ZONES,), "the most there is"),
    Case("aurora-unprotected", SetCluster(protected=False), (PROTECTION, ZONES), "the cluster's setting counts"),
    Case("aurora-upgrades-off", SetCluster(upgrades=False), (UPGRADES, ZONES), "off for the cluster"),
    Case("aurora-upgrades-of-instance", SetCluster(), (UPGRADES, ZONES), "off for one of two instances"),
    Case("aurora-upgrades-of-all", SetCluster(upgrades=False), (UPGRADES, ZONES), "off for the cluster and its instance"),
    Case(
        "aurora-upgrades-global",
        SetCluster("aurora-mysql", False, global_database="planet"),
        (ZONES,),
        "Aurora upgrades no global database",
    ),
    Case("aurora-mysql-upgrades-off", SetCluster("aurora-mysql", False), (UPGRADES, ZONES), "whatever the engine"),
    Case("aurora-mysql-mirrored", SetCluster("aurora-mysql", False), (ZONES,), "it has a replica in another Region"),
    Case(
        "aurora-mysql-mirror",
        SetCluster("aurora-mysql", False, replica_of="aurora-mysql-mirrored", region=IRELAND),
        (ZONES,),
        "it is one",
    ),
    Case("multi-az-good", SetCluster("mysql"), (), "three instances in three zones"),
    Case("multi-az-upgrades-off", SetCluster("mysql", upgrades=False), (UPGRADES,), "it has one setting"),
    Case("multi-az-unprotected", SetCluster("postgres", protected=False), (PROTECTION,), "whatever the engine"),
    Case("multi-az-backups-6", SetCluster("postgres", backups=6), (BACKUPS,), "whatever the engine"),
    Case("settings-cluster-of-neptune", SetCluster("neptune", False, 1, False), (), "RDS lists it, and Neptune has it"),
)


def of(cluster: str, zone: str = "a", *, upgrades: bool = True, protected: bool = True) -> SetDatabase:
    return SetDatabase("aurora-postgresql", upgrades, multi_az=False, protected=protected, zone=zone, cluster=cluster)


MEMBERS = (
    Case("aurora-good-1", of("aurora-good"), (), "the cluster is in two zones"),
    Case("aurora-good-2", of("aurora-good", "b", protected=False), (), "the cluster is protected"),
    Case("aurora-one-instance-1", of("aurora-one-instance"), (), "the cluster is the finding"),
    Case("aurora-one-zone-1", of("aurora-one-zone"), (), "the cluster is the finding"),
    Case("aurora-one-zone-2", of("aurora-one-zone"), (), "the cluster is the finding"),
    Case("aurora-upgrades-of-instance-1", of("aurora-upgrades-of-instance"), (), "the cluster is the finding"),
    Case(
        "aurora-upgrades-of-instance-2",
        of("aurora-upgrades-of-instance", upgrades=False),
        (),
        "the cluster is the finding",
    ),
    Case("aurora-upgrades-of-all-1", of("aurora-upgrades-of-all", upgrades=False), (), "the cluster is the finding"),
    Case("aurora-backups-1-1", of("aurora-backups-1"), (), "the cluster is the finding"),
    Case("aurora-unprotected-1", of("aurora-unprotected", protected=False), (), "the cluster is the finding"),
)

SOURCES = (
    Case("plain-source", SetDatabase(encrypted=False), (PLAIN,), "its automated snapshots are not encrypted"),
    Case("plain-source-ireland", SetDatabase(encrypted=False, region=IRELAND), (PLAIN,), "in another Region"),
    Case("plain-source-silent", SetDatabase(encrypted=False, backups=0), (), "it has no automated snapshots"),
    Case("plain-cluster-source", SetCluster(encrypted=False), (PLAIN,), "its automated snapshots are not encrypted"),
    Case("plain-multi-az-source", SetCluster("mysql", encrypted=False), (PLAIN,), "whatever the engine"),
    Case("plain-neptune-source", SetCluster("neptune", encrypted=False), (), "RDS lists it, and Neptune has it"),
)

BOTH = (PUBLIC, PLAIN)
SNAPSHOTS = (
    Case("snapshot-encrypted", DatabaseSnapshot("settings-good"), (), "encrypted, and private"),
    Case("snapshot-encrypted-shared", DatabaseSnapshot("settings-good", shared=(SOMEBODY,)), (), "with an account"),
    Case("snapshot-plain", DatabaseSnapshot("plain-source"), (PLAIN,), "not encrypted"),
    Case("snapshot-plain-of-silent", DatabaseSnapshot("plain-source-silent"), (PLAIN,), "the only one of its database"),
    Case("snapshot-plain-ireland", DatabaseSnapshot("plain-source-ireland", region=IRELAND), (PLAIN,), "another Region"),
    Case("snapshot-public", DatabaseSnapshot("plain-source", shared=(EVERYBODY,)), BOTH, "with everybody"),
    Case("snapshot-shared", DatabaseSnapshot("plain-source", shared=(SOMEBODY,)), (PLAIN,), "with one account"),
    Case("snapshot-shared-public", DatabaseSnapshot("plain-source", shared=(SOMEBODY, EVERYBODY)), BOTH, "with both"),
    Case(
        "snapshot-taken-back",
        DatabaseSnapshot("plain-source", shared=(EVERYBODY,), withdrawn=(EVERYBODY,)),
        (PLAIN,),
        "not public any more",
    ),
    Case("snapshot-copied", DatabaseSnapshot("plain-source", copied=True), (), "an encrypted copy"),
    Case("snapshot-left-behind", DatabaseSnapshot(deleted=True), (PLAIN,), "its database is deleted"),
    Case("cluster-snapshot-encrypted", DatabaseSnapshot(cluster="aurora-good"), (), "encrypted, and private"),
    Case("cluster-snapshot-plain", DatabaseSnapshot(cluster="plain-cluster-source"), (PLAIN,), "not encrypted"),
    Case(
        "cluster-snapshot-public", DatabaseSnapshot(cluster="plain-cluster-source", shared=(EVERYBODY,)), BOTH, "with everybody"
    ),
    Case(
        "cluster-snapshot-shared",
        DatabaseSnapshot(cluster="plain-cluster-source", shared=(SOMEBODY,)),
        (PLAIN,),
        "with one account",
    ),
    Case(
        "multi-az-snapshot-public",
        DatabaseSnapshot(cluster="plain-multi-az-source", shared=(EVERYBODY,)),
        BOTH,
        "whatever the engine",
    ),
    Case(
        "neptune-snapshot-public",
        DatabaseSnapshot(cluster="plain-neptune-source", shared=(EVERYBODY,)),
        (),
        "RDS lists it, and Neptune has it",
    ),
)

SETTINGS = (UPGRADES, BACKUPS, ZONES, PROTECTION)
TABLES = (
    Table("RDS", "database-settings", SETTINGS, INSTANCES + CLUSTERS + MEMBERS),
    Table("RDS", "database-settings", (PLAIN,), SOURCES),
    Table("RDS", "database-settings", BOTH, SNAPSHOTS),
)
