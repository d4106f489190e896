"""RDS, where moto goes wrong: which databases have automated snapshots, and which clusters are in several zones."""

from moto.rds.models import DBCluster, DBInstance, DBInstanceClustered

# In the names of automated snapshots, which are the same in every fresh run.
MADE = "2026-10-01-03-00"


def patch_moto() -> None:
    """Once, before the first request."""
    DBInstance.save_automated_backup = _save_instance  # type: ignore[method-assign]
    DBCluster.save_automated_backup = _save_cluster  # type: ignore[method-assign]
    # The snapshots are those of the cluster.
    DBInstanceClustered.save_automated_backup = lambda _: None  # type: ignore[method-assign]
    DBCluster.multi_az = property(_is_multi_az)  # type: ignore[method-assign, assignment]


def _is_multi_az(cluster: DBCluster) -> bool:
    """Of a Multi-AZ DB cluster moto makes no instances. It takes any cluster with a replica for one in several zones."""
    if cluster.engine != "neptune" and not cluster.engine.startswith("aurora"):
        return True
    return len({instance.availability_zone for instance in cluster.members}) > 1


def _save_instance(database: DBInstance) -> None:
    """Without a retention period there are no automated backups."""
    if database.backup_retention_period:
        name = database.db_instance_identifier
        database.backend.create_auto_snapshot(name, f"rds:{name}-{MADE}")


def _save_cluster(cluster: DBCluster) -> None:
    name = cluster.db_cluster_identifier
    cluster.backend.create_auto_cluster_snapshot(name, f"rds:{name}-{MADE}")
