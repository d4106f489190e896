"""What is in the organization, and why: each resource is one case of one of the six core indicators, or of a check beside them.

A resource that is a finding says `finding` in its comment, and has its line in `tests/expected/demo-findings.csv`.
"""

from kinds import (
    BLOCK_SETTINGS,
    BUCKET_AND_OBJECTS,
    Account,
    AccountBlock,
    AclEntry,
    Api,
    Bucket,
    ClassicLoadBalancer,
    Database,
    DatabaseCluster,
    DatabaseReplica,
    DatabaseSnapshot,
    Distribution,
    Endpoint,
    FileSystem,
    FlowLog,
    IamRole,
    IdentityCenter,
    Image,
    Instance,
    Key,
    LoadBalancer,
    ManagedKey,
    Network,
    PasswordPolicy,
    Peering,
    Policy,
    PrefixList,
    RegionSettings,
    Role,
    Root,
    RootAccess,
    SecurityGroup,
    ServerCertificate,
    Snapshot,
    Subnet,
    Trail,
    User,
    Volume,
    VpcBlock,
    all_protocols,
    icmp,
    tcp,
    udp,
)

VIRGINIA = "us-east-1"
IRELAND = "eu-west-1"
FRANKFURT = "eu-central-1"
CAPE_TOWN = "af-south-1"  # opt-in: off, but for capetown-branch
REGIONS = (VIRGINIA, IRELAND, FRANKFURT, CAPE_TOWN)

ANYWHERE = "0.0.0.0/0"
ANYWHERE_IPV6 = "::/0"
LOWER_HALF, UPPER_HALF = "0.0.0.0/1", "128.0.0.0/1"

# Days of backups: one that is recent whenever the organization is scanned, and one that never is.
RECENT, LONG_AGO = "9999-01-01", "2024-06-01"

# Grantees of bucket ACLs. Canned ACLs are used where moto answers them right: not public-read-write, of which it shows
# only the first half.
ALL_USERS = 'uri="http://acs.amazonaws.com/groups/global/AllUsers"'
AUTHENTICATED_USERS = 'uri="http://acs.amazonaws.com/groups/global/AuthenticatedUsers"'

# What trails log, by the fields of advanced selectors.
MANAGEMENT_EVENTS = {"eventCategory": ("Management",)}
OBJECT_EVENTS = {"eventCategory": ("Data",), "resources.type": ("AWS::S3::Object",)}
OBJECT_WRITES, OBJECT_READS = OBJECT_EVENTS | {"readOnly": ("false",)}, OBJECT_EVENTS | {"readOnly": ("true",)}

# The account that is first is the one that the organization is created from.
MANAGEMENT = Account(
    "management",
    ou="",
    environment="shared",
    owner="cloud-platform",
    contents=(
        # Password with virtual MFA: fine.
        User("cloud-admin", password=True, mfa=True, created=400, password_used=2),
        # Findings: no MFA, critical, and so no hardware either; used the other day.
        Root(password_used=3),
        RootAccess(("RootCredentialsManagement",)),  # finding: no root sessions
        IdentityCenter(FRANKFURT),  # each user of an account that signs in is a finding
    ),
    trails=(
        # All management events of all accounts, to the log archive: in order by every check of trails.
        Trail("organization-trail", VIRGINIA, "cloudtrail-logs", organization=True, kms=True),
    ),
)

# Clean, and nearly empty: no users at all, which is zero and not a gap.
SECURITY_AUDIT = Account(
    "security-audit",
    ou="Security",
    environment="security",
    owner="security",
    contents=(
        Volume("forensics-disk", VIRGINIA, encrypted=True),  # encrypted, attached to nothing
        # As it should be, in one Region.
        RegionSettings(VIRGINIA, encryption=True, snapshots="block-all-sharing", imdsv2=True),
    ),
    trails=(
        # As the delegated administrator, for all accounts: writes of all objects, and no reads (a finding in each account).
        # Two findings in the management account, which owns it: no validation, no key of KMS.
        Trail(
            "organization-objects",
            IRELAND,
            "exported-logs",
            organization=True,
            validation=False,
            selectors=(OBJECT_WRITES,),
        ),
    ),
)

# Account-level Block Public Access makes up for what the buckets allow.
LOG_ARCHIVE = Account(
    "log-archive",
    ou="Security",
    environment="security",
    owner="security",
    contents=(
        AccountBlock(BLOCK_SETTINGS),
        # Where the other one's access logs go: no finding but for what it keeps of itself.
        Bucket("access-logs", VIRGINIA, block=BLOCK_SETTINGS, takes_logs=True, tls_only=BUCKET_AND_OBJECTS),
        # In order by every check of buckets.
        Bucket(
            "cloudtrail-logs",
            VIRGINIA,
            block=BLOCK_SETTINGS,
            tls_only=BUCKET_AND_OBJECTS,
            logs_to="access-logs",
            versioning="Enabled",
            mfa_delete=True,
            kms=True,
        ),
        # Public but for the account's block. Finding: it has a trail's logs, and none of its own.
        Bucket("exported-logs", IRELAND, public_policy=True, acl={"ACL": "public-read"}),
    ),
    later=(
        Key("log-key", VIRGINIA, rotation=True),
    ),
)

# Prefix lists, and the three ways in which an IPv6 subnet gets its route.
NETWORK_HUB = Account(
    "network-hub",
    ou="Infrastructure",
    environment="production",
    owner="network",
    contents=(
        PrefixList("any-address", IRELAND, ("10.0.0.0/8", ANYWHERE)),  # the world hides in its second entry
        PrefixList("office-networks", IRELAND, ("198.51.100.0/24", "203.0.113.0/24")),
        SecurityGroup("partner-gateway", IRELAND, (tcp(443, "any-address"),)),  # finding: open by prefix list, low
        SecurityGroup("office-gateway", IRELAND, (tcp(22, "office-networks"),)),  # a prefix list that is not the world
        Network(
            "dual-stack",
            VIRGINIA,
            "10.20.0.0/16",
            ipv6=True,
            main_routes={ANYWHERE_IPV6: "internet"},
            subnets=(
                Subnet("dual-stack-edge", routes={ANYWHERE_IPV6: "internet"}),
                Subnet("dual-stack-egress", routes={ANYWHERE_IPV6: "egress-only"}),
                Subnet("dual-stack-inherited"),
            ),
        ),
        Instance("ipv6-edge", VIRGINIA, "dual-stack-edge", ipv6=True),  # finding: ::/0 to an internet gateway
        # ::/0 leads out only, for the subnet's own table beats the main one.
        Instance("ipv6-egress", VIRGINIA, "dual-stack-egress", ipv6=True),
        Instance("ipv6-inherited", VIRGINIA, "dual-stack-inherited", ipv6=True),  # finding: by the main route table
    ),
)

# Three OUs deep, and in good order but for one forgotten key.
PAYMENTS_API = Account(
    "payments-api",
    ou="Workloads/Production/Payments",
    environment="production",
    owner="payments",
    contents=(
        Root(mfa="hardware", password_used=200),  # fine
        User("payments-lead", password=True, mfa=True, created=300, password_used=44),  # fine
        # Two findings: active key and no MFA, medium; and the key was never rotated.
        User("payments-deploy", keys=("Active",), created=500, key_ages=((500, 0),)),
        ServerCertificate("payments-2024", "2024-06-01"),  # finding: expired
        ServerCertificate("payments", "9999-06-01"),  # good for a while
        Network("payments-network", IRELAND, "10.30.0.0/16", subnets=(Subnet("payments-private"),)),
        Instance("payments-backend", IRELAND, "payments-private"),  # private addresses only, encrypted disk
        SecurityGroup("payments-https", IRELAND, (tcp(443, ANYWHERE),)),  # finding: a web server, low
        Volume("payments-database", IRELAND, encrypted=True),
    ),
    later=(
        # In order by every check of databases.
        Database("payments-orders", IRELAND, subnet="payments-private", backups=14, multi_az=True, protected=True),
        # Encrypted, and its instances with it. They are in two zones.
        DatabaseCluster("payments-history", IRELAND, protected=True),
        Database("payments-history-1", IRELAND, cluster="payments-history"),
        Database("payments-history-2", IRELAND, cluster="payments-history", zone="b"),
        # Two findings, informational: a replica in one zone, and without protection. It has no backups of its own.
        DatabaseReplica("payments-reports", IRELAND, "payments-orders"),
        DatabaseSnapshot("payments-orders-2026", IRELAND, "payments-orders"),  # encrypted
        # A rotated key, and keys that are not evaluated: one for signatures, and one that AWS manages.
        Key("payments-card-data", IRELAND, rotation=True),
        Key("payments-signing", IRELAND, spec="ECC_NIST_P256", usage="SIGN_VERIFY"),
        ManagedKey("payments-disks", IRELAND, "alias/aws/ebs"),
        LoadBalancer("payments-front", IRELAND, logs="front-logs"),  # finding: HTTP. Access logs are in a bucket
        Api("payments-rest", IRELAND, logs=True, web_acl=True),  # in order
        FileSystem("payments-documents", IRELAND, last_backup=RECENT),  # encrypted, with a backup
    ),
)

# An SCP denies Frankfurt: what is there is unknown, and the rest of the account is not.
PAYMENTS_LEDGER = Account(
    "payments-ledger",
    ou="Workloads/Production/Payments",
    environment="production",
    owner="payments",
    denied_regions=(FRANKFURT,),
    contents=(
        Volume("ledger-primary", VIRGINIA, encrypted=False),  # finding
        # Finding: it says that it is public, and is not while sharing is blocked, low.
        Snapshot("ledger-export", VIRGINIA, "ledger-primary", public=True),
        RegionSettings(VIRGINIA, snapshots="block-all-sharing"),
        Volume("ledger-replica", FRANKFURT, encrypted=False),  # out of sight: must not come out as zero
    ),
    later=(
        # Six findings: the cluster and not its instance is not encrypted, its automated snapshots are not either, backups of
        # a day, one zone, no protection, and no upgrades for the instance's setting.
        DatabaseCluster("ledger-copies", VIRGINIA, encrypted=False, backups=1),
        Database("ledger-copies-1", VIRGINIA, encrypted=False, cluster="ledger-copies", upgrades=False),
        # Two findings: public, critical, and not encrypted.
        DatabaseSnapshot("ledger-copies-2025", VIRGINIA, cluster="ledger-copies", public=True),
        Database("ledger-archive", FRANKFURT, encrypted=False),  # out of sight
        Key("ledger-key", VIRGINIA),  # finding: not rotated
        Key("ledger-replica-key", FRANKFURT, deletion=7),  # out of sight
        FileSystem("ledger-reports", FRANKFURT, encrypted=False),  # out of sight
    ),
    trails=(Trail("ledger-trail", FRANKFURT, "cloudtrail-logs", validation=False),),  # out of sight: unknown
)

# Public IPv4 addresses.
STOREFRONT = Account(
    "storefront",
    ou="Workloads/Production",
    environment="production",
    owner="web",
    contents=(
        Network(
            "storefront-network",
            IRELAND,
            "10.40.0.0/16",
            main_routes={ANYWHERE: "internet"},
            subnets=(Subnet("storefront-subnet"),),
        ),
        Instance("storefront-web", IRELAND),  # finding: address assigned at launch
        # Two findings: open to the world, on a sensitive port.
        SecurityGroup("storefront-ssh", IRELAND, (tcp(22, ANYWHERE),), network="storefront-network"),
        # Four findings: Elastic IP, the only disk in use that is not encrypted, IMDSv1 with a role, and exposed.
        Instance(
            "storefront-bastion",
            IRELAND,
            "storefront-subnet",
            elastic_ip=True,
            encrypted=False,
            groups=("storefront-ssh",),
            imdsv1=True,
        ),
        Instance("storefront-app", IRELAND, "storefront-subnet"),  # a way to the internet, but no public address
        SecurityGroup(
            "storefront-public",
            IRELAND,
            (
                tcp(80, ANYWHERE),  # finding: low
                tcp(443, ANYWHERE, ANYWHERE_IPV6),  # two findings, one for each source: low
            ),
        ),
        SecurityGroup("storefront-internal", IRELAND, (tcp(8443, "storefront-public"),)),  # from another group only
        Volume("storefront-cache", FRANKFURT, encrypted=False),  # finding: attached to nothing
    ),
    later=(
        # Six findings: not encrypted, a public address behind a group that is open for SSH only, medium, automated snapshots
        # that are not encrypted, no upgrades, one zone, and no protection.
        Database(
            "storefront-orders",
            IRELAND,
            encrypted=False,
            public=True,
            subnet="storefront-subnet",
            groups=("storefront-ssh",),
            upgrades=False,
        ),
        DatabaseSnapshot("storefront-migration", IRELAND, "storefront-orders"),  # finding: not encrypted
        # Two findings: public, critical, and not encrypted.
        DatabaseSnapshot("storefront-sample", IRELAND, "storefront-orders", public=True),
        # Its logs go to a bucket of another account, media-library, which is public: finding, there.
        FlowLog("storefront-log", IRELAND, "storefront-network", "press-downloads", traffic="ACCEPT"),
        LoadBalancer("storefront-front", IRELAND),  # two findings: HTTP, no access logs
        Api("storefront-rest", IRELAND),  # two findings: no access logs, no web ACL
        Api("storefront-inside", IRELAND, endpoint="PRIVATE", logs=True),  # private, so it needs no web ACL
        # Two findings: the server gets HTTP, and there is no web ACL.
        Distribution("storefront-cdn", server=("http-only", ("TLSv1.2",)), policy="TLSv1.2_2021", logs="delivery"),
        FileSystem("storefront-uploads", IRELAND, encrypted=False, last_backup=RECENT),  # finding: not encrypted
    ),
)

# Every way in which a bucket is public, or is kept from it.
MEDIA_LIBRARY = Account(
    "media-library",
    ou="Workloads/Production",
    environment="production",
    owner="media",
    contents=(
        Bucket("product-images", VIRGINIA, public_policy=True),  # finding: by policy
        Bucket("press-downloads", IRELAND, acl={"ACL": "public-read"}),  # finding: by ACL, all the world
        # Finding: by ACL, anybody with an AWS account.
        Bucket("partner-feed", FRANKFURT, acl={"ACL": "authenticated-read"}),
        # Finding: all the world writes, critical. And another: it has a trail's logs.
        Bucket("upload-dropbox", VIRGINIA, acl={"GrantRead": ALL_USERS, "GrantWrite": ALL_USERS}),
        # Finding: anybody with an AWS account writes, critical.
        Bucket("vendor-dropbox", IRELAND, acl={"GrantWrite": AUTHENTICATED_USERS}),
        # BlockPublicPolicy refuses new policies and leaves the one that is there in force: finding.
        Bucket("half-blocked", IRELAND, public_policy=True, block=("BlockPublicPolicy",)),
        Bucket("old-campaign", VIRGINIA, public_policy=True, block=("RestrictPublicBuckets",)),  # policy neutralised
        Bucket("old-downloads", FRANKFURT, acl={"ACL": "public-read"}, block=("IgnorePublicAcls",)),  # ACL neutralised
        # Private. Plain HTTP is refused for its objects only, and versions are kept no more.
        Bucket("raw-footage", VIRGINIA, block=BLOCK_SETTINGS, tls_only=("/*",), versioning="Suspended"),
    ),
    later=(
        # Of RDS Custom, which has no automatic upgrades: fine.
        Database("media-rights", FRANKFURT, engine="custom-oracle-ee", upgrades=False, multi_az=True, protected=True),
        Key("feed-key", FRANKFURT, enabled=False),  # disabled, so it needs no rotation
        Distribution("media-cdn", bucket="raw-footage", policy="TLSv1.3_2025", web_acl=True, logs="bucket"),  # in order
        # Four findings: HTTP for viewers, a bucket without signed requests, no web ACL, no access logs.
        Distribution("press-cdn", bucket="press-downloads", signed=False, viewers="allow-all"),
        LoadBalancer("media-ingest", FRANKFURT, type="network", protocols=("TCP",)),  # cannot keep access logs
        FileSystem("media-masters", FRANKFURT),  # finding: no backup
    ),
)

# Ranges that add up to the internet, and policies that are not public for their condition.
ANALYTICS = Account(
    "analytics",
    ou="Workloads/Production/Data",
    environment="production",
    owner="data",
    contents=(
        # Three findings: only the second key is active, medium, and nobody has used it for long; inline and attached
        # policies of its own.
        User(
            "etl",
            keys=("Inactive", "Active"),
            created=600,
            key_ages=((600, None), (60, 50)),
            attached=("ReadOnlyAccess",),
            inline=("etl-output",),
        ),
        Root(mfa="virtual"),  # finding: MFA, but a phone's
        Policy("everything", {"Effect": "Allow", "Action": ["*"], "Resource": "*"}),  # finding, high: a role has it
        Policy("unused-everything", {"Effect": "Allow", "Action": "*", "Resource": "*"}),  # nobody has it
        Policy("all-but-iam", {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}),  # IAM is left out
        IamRole("pipeline", ("everything", "all-but-iam")),
        AccountBlock(("IgnorePublicAcls",)),
        Bucket("open-datasets", VIRGINIA, acl={"ACL": "public-read"}),  # neutralised by the account
        Bucket("public-exports", IRELAND, public_policy=True),  # finding: the account's block is for ACLs only
        Bucket(
            "endpoint-only",  # everybody, but through one VPC endpoint
            VIRGINIA,
            public_policy=True,
            conditions={"StringEquals": {"aws:SourceVpce": "vpce-0123456789abcdef0"}},
        ),
        Bucket(
            "shared-datasets",  # everybody, but of one organization
            IRELAND,
            public_policy=True,
            conditions={"StringEquals": {"aws:PrincipalOrgID": "o-0123456789"}},
        ),
        # Finding, one: the two halves are the whole internet. And on a database's port: finding.
        SecurityGroup("warehouse", VIRGINIA, (tcp(5432, LOWER_HALF, UPPER_HALF),)),
        SecurityGroup("warehouse-half", VIRGINIA, (tcp(5432, LOWER_HALF),)),  # half of the internet is not all of it
        SecurityGroup("warehouse-corporate", VIRGINIA, (tcp(5432, "10.0.0.0/8"),)),  # private addresses
        Volume("warehouse-disk", VIRGINIA, encrypted=True),
        Volume("warehouse-scratch", VIRGINIA, encrypted=False),  # finding
        Snapshot("warehouse-export", VIRGINIA, "warehouse-scratch", public=True),  # finding: critical
        Snapshot("warehouse-backup", VIRGINIA, "warehouse-disk"),  # private
    ),
    later=(
        # Finding: a Multi-AZ DB cluster without upgrades.
        DatabaseCluster("analytics-metrics", FRANKFURT, engine="mysql", upgrades=False, protected=True),
        # Rotated in its primary Region. The replica is not evaluated.
        Key("warehouse-key", VIRGINIA, rotation=True, replica=IRELAND),
        Key("etl-key", VIRGINIA, deletion=30),  # finding: going to be deleted
        Api("warehouse-http", VIRGINIA, protocol="HTTP"),  # finding: no access logs
        Api("warehouse-events", VIRGINIA, protocol="WEBSOCKET", logs=True),  # in order
        FileSystem("warehouse-files", VIRGINIA, last_backup=LONG_AGO),  # finding: an old backup
    ),
    trails=(
        # Its own trail, for reads of objects as well. Findings: no key of KMS, and its bucket keeps no access logs.
        Trail("analytics-trail", VIRGINIA, "endpoint-only", selectors=(MANAGEMENT_EVENTS, OBJECT_READS)),
    ),
)

# Security groups as they should not be.
STAGING_STOREFRONT = Account(
    "staging-storefront",
    ou="Workloads/Staging",
    environment="staging",
    owner="web",
    contents=(
        # Each a finding of security-group-open-to-world; all but the last also reach a sensitive port.
        SecurityGroup("ssh-from-anywhere", VIRGINIA, (tcp(22, ANYWHERE),)),
        SecurityGroup("rdp-from-anywhere", VIRGINIA, (tcp(3389, ANYWHERE_IPV6),)),
        SecurityGroup("everything-open", VIRGINIA, (all_protocols(ANYWHERE),)),  # high, and critical
        SecurityGroup("all-tcp-open", VIRGINIA, (tcp((0, 65535), ANYWHERE_IPV6),)),  # high, and critical
        SecurityGroup("range-with-ssh", VIRGINIA, (tcp((20, 30), ANYWHERE),)),
        SecurityGroup("range-from-telnet", VIRGINIA, (tcp((23, 100), ANYWHERE),)),  # just past SSH, but Telnet is 23
        SecurityGroup("range-past-telnet", VIRGINIA, (tcp((24, 100), ANYWHERE),)),  # reaches no sensitive port
    ),
)

# Its role trusts somebody else's external id: AWS's answer is that of a missing role.
STAGING_INTEGRATIONS = Account(
    "staging-integrations",
    ou="Workloads/Staging",
    environment="staging",
    owner="partners",
    role=Role.FOREIGN_EXTERNAL_ID,
    contents=(
        Volume("integrations-disk", VIRGINIA, encrypted=False),  # out of sight
    ),
)

# One person's playground: every state of a user's credentials, and protocols other than TCP. No password policy, which
# is AWS's default (three findings), and no role for AWS Support (finding).
SANDBOX_ALEX = Account(
    "sandbox-alex",
    ou="Sandbox",
    environment="sandbox",
    owner="alex",
    has_baseline=False,
    contents=(
        Root(password=False, keys=1, mfa="hardware"),  # finding: an access key, critical
        IamRole("alex-admin", ("AdministratorAccess", "AWSCloudShellFullAccess")),  # two findings
        User("alex", password=True, keys=("Active",)),  # two findings: the password makes it high, and the key was never used
        User("alex-demo", password=True),  # finding: high
        User("old-pipeline", keys=("Inactive",)),  # finding: nothing that works, low
        User("new-colleague"),  # finding: no credentials yet, low
        User("alex-cli", keys=("Active", "Active"), mfa=True),  # finding: two active keys
        Network(
            "alex-network",
            VIRGINIA,
            "10.50.0.0/16",
            main_routes={ANYWHERE: "internet"},
            subnets=(Subnet("alex-subnet"),),
        ),
        # Three findings: stopped, but it keeps its Elastic IP, and is exposed when it starts; and no role.
        SecurityGroup("alex-rdp", VIRGINIA, (tcp(3389, ANYWHERE),), network="alex-network"),  # two findings
        Instance(
            "alex-lab", VIRGINIA, "alex-subnet", elastic_ip=True, stopped=True, groups=("alex-rdp",), profile=False
        ),
        RegionSettings(VIRGINIA, images_unblocked=True),
        Image("alex-image", VIRGINIA, "alex-lab", public=True),  # finding
        SecurityGroup("alex-dns", VIRGINIA, (udp(53, ANYWHERE),)),  # finding: medium
        SecurityGroup("alex-default-group", VIRGINIA, (icmp(ANYWHERE),), default=True),  # finding: medium
    ),
    later=(
        # Two findings: HTTP, no access logs.
        ClassicLoadBalancer("alex-classic", VIRGINIA),
        ClassicLoadBalancer("alex-mail", VIRGINIA, listeners=(("TCP", 25),), logs="front-logs"),  # in order
        # Four findings: old TLS for viewers and to the server, no web ACL, no access logs.
        Distribution("alex-cdn", server=("https-only", ("TLSv1", "TLSv1.2")), policy="TLSv1.1_2016"),
        Distribution("alex-old-cdn", viewers="allow-all", enabled=False),  # disabled, so not evaluated
        # Four findings: reached from the internet, at the port that his desktop has open, critical; no backups, one zone, and
        # no protection.
        Database(
            "alex-database", VIRGINIA, public=True, subnet="alex-subnet", groups=("alex-rdp",), port=3389, backups=0
        ),
        # Its logs go to a bucket that no account here has: unknown.
        FlowLog("alex-log", VIRGINIA, "alex-network", "somebody-elses", traffic="ACCEPT"),
        Key("alex-key", VIRGINIA),  # finding: not rotated
        Key("alex-imported-key", VIRGINIA, origin="EXTERNAL"),  # KMS cannot rotate it
        # Finding: going to be deleted, after its replica.
        Key("alex-global-key", VIRGINIA, replica=IRELAND, deletion=7),
    ),
    # Three findings: no validation, no key, and a bucket of another account that takes nothing from it.
    trails=(Trail("alex-trail", VIRGINIA, "upload-dropbox", multi_region=False, validation=False, failing=10),),
)

# VPC Block Public Access is on: the address is still there, and the finding says what stands before it.
SANDBOX_NETWORKING = Account(
    "sandbox-networking",
    ou="Sandbox",
    environment="sandbox",
    owner="network",
    contents=(
        PasswordPolicy(length=12, remembered=5, symbols=False),  # three findings
        VpcBlock(VIRGINIA, "block-bidirectional"),
        Network(
            "blocked-network",
            VIRGINIA,
            "10.60.0.0/16",
            main_routes={ANYWHERE: "internet"},
            subnets=(Subnet("blocked-subnet"),),
        ),
        # Two findings: open to the world, on a sensitive port.
        SecurityGroup("blocked-ssh", VIRGINIA, (tcp(22, ANYWHERE),), network="blocked-network"),
        # Finding: a public address. It is not exposed, for the block keeps everybody out.
        Instance("blocked-lab", VIRGINIA, "blocked-subnet", elastic_ip=True, groups=("blocked-ssh",)),
        # Two networks that know each other, in Ireland.
        Bucket("lab-logs", IRELAND, block=BLOCK_SETTINGS),
        Network(
            "lab-front",
            IRELAND,
            "10.61.0.0/16",
            main_routes={ANYWHERE: "internet"},
            subnets=(Subnet("lab-front-subnet"),),
        ),
        Network("lab-back", IRELAND, "10.62.0.0/16", subnets=(Subnet("lab-back-subnet"),)),
        Network("lab-store", IRELAND, "10.63.0.0/16", subnets=(Subnet("lab-store-subnet"),)),
        SecurityGroup("lab-ssh", IRELAND, (tcp(22, ANYWHERE),), network="lab-front"),  # two findings
        # Finding: a public address. It is not exposed, for the network ACL keeps SSH out.
        Instance("lab-gate", IRELAND, "lab-front-subnet", elastic_ip=True, groups=("lab-ssh",)),
        AclEntry(IRELAND, "lab-front", 10, "6", (22, 22), ANYWHERE),
        AclEntry(IRELAND, "lab-front", 11, "17", (22, 22), ANYWHERE),
        AclEntry(IRELAND, "lab-front", 12, "-1", (3389, 3389), "198.51.100.0/24"),
        AclEntry(IRELAND, "lab-back", 10, "-1", None, ANYWHERE),
        SecurityGroup("lab-back-default", IRELAND, (), default=True, network="lab-back", egress=False),
        FlowLog("lab-front-log", IRELAND, "lab-front", "lab-logs"),
        FlowLog("lab-back-log", IRELAND, "lab-back", "lab-logs", traffic="ACCEPT"),
        Endpoint("lab-front-s3", IRELAND, "lab-front"),
        Peering("lab-wide", IRELAND, "lab-front", "lab-back", ("10.62.0.0/16",)),
        Peering("lab-narrow", IRELAND, "lab-back", "lab-store", ("10.63.7.0/24",)),
    ),
)

# The one account that has opted in to Cape Town: each account has its own list of Regions.
CAPETOWN_BRANCH = Account(
    "capetown-branch",
    ou="Workloads/Production",
    environment="production",
    owner="retail",
    opted_in=(CAPE_TOWN,),
    joined_today=True,
    contents=(
        Volume("branch-disk", CAPE_TOWN, encrypted=False),  # finding
        SecurityGroup("branch-ssh", CAPE_TOWN, (tcp(22, ANYWHERE),)),  # two findings: open, and a sensitive port
        Bucket("branch-files", CAPE_TOWN, block=BLOCK_SETTINGS, versioning="Enabled"),  # private, in a Region of its own
    ),
    later=(
        # Three findings: backups of six days, one zone, and no protection.
        Database("branch-stock", CAPE_TOWN, backups=6),
        FileSystem("branch-share", CAPE_TOWN, encrypted=False),  # two findings: not encrypted, no backup
    ),
    trails=(
        # Four findings: it logs in Cape Town alone, nobody logs writes or reads of objects, and its bucket keeps no access
        # logs.
        Trail("branch-trail", CAPE_TOWN, "branch-files", multi_region=False, kms=True),
        # Stopped: it is not evaluated for deliveries, and counts for nothing.
        Trail("branch-old", IRELAND, "branch-files", kms=True, logging=False, failing=90),
    ),
)

# Directly under the root, and nobody has rolled out the role yet.
ACQUIRED_STARTUP = Account(
    "acquired-startup",
    ou="",
    environment="production",
    owner="integration-office",
    role=Role.MISSING,
    contents=(
        Bucket("startup-uploads", VIRGINIA, public_policy=True),  # out of sight
    ),
)

# Closed: its role is still there and cannot be assumed any more.
LEGACY_CRM = Account(
    "legacy-crm",
    ou="Suspended",
    environment="retired",
    owner="nobody",
    suspended=True,
    contents=(
        Volume("crm-disk", VIRGINIA, encrypted=False),  # out of sight
    ),
)

MEMBERS = (
    SECURITY_AUDIT,
    LOG_ARCHIVE,
    NETWORK_HUB,
    PAYMENTS_API,
    PAYMENTS_LEDGER,
    STOREFRONT,
    MEDIA_LIBRARY,
    ANALYTICS,
    STAGING_STOREFRONT,
    STAGING_INTEGRATIONS,
    SANDBOX_ALEX,
    SANDBOX_NETWORKING,
    CAPETOWN_BRANCH,
    ACQUIRED_STARTUP,
    LEGACY_CRM,
)
