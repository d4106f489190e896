"""What AWS does and moto does not, as a WSGI layer around moto's server.

call.py                  one HTTP request -> account, Region, service, operation, IAM action
errors.py                AWS's errors: code, text and status, in each service's wire format
rules.py                 failures on request, `POST /_emulator/rules`
app.py                   the layer itself: control endpoints, then guards, handlers, the log

assume_role.py           denied AssumeRole, and the sessions that services get
policies.py              what roles' policies do not allow and buckets' policies deny, where that is asked for
stacks.py                CloudFormation, where moto goes wrong
resources.py             resources of stacks that moto has an API for, and its CloudFormation leaves out
keys.py                  KMS keys, where moto goes wrong
vaults.py                policies of vaults of AWS Backup and S3 Glacier, and VPCs of OpenSearch domains
backups.py               AWS Backup's list of resources, and ages of file systems
signatures.py            KMS keys that sign, where moto goes wrong
regions.py               Regions that are off
accounts.py              what Organizations answers today: Paths, no Status
credential_report.py     the credential report as AWS writes it
identity_center.py       the organization's IAM Identity Center
iam.py                   the root user, ages, AWS's own policies, and what the organization does about root users
contacts.py              the primary contact of an account
config.py                whether AWS Config's recording and delivery work
organizations.py         the organization's resource policy, and more services that can be delegated
buckets.py               a bucket's Region: in the list, and when it is called elsewhere
vpc_block.py             VPC Block Public Access
ec2_settings.py          block public access for snapshots and images, defaults of metadata, public snapshots
detection.py             Access Analyzer, the new Security Hub, and what Macie and Inspector answer if they are off
databases.py             automated snapshots and availability zones of RDS, where moto goes wrong
trails.py                trails of the organization, and what a trail delivered last
front_ends.py            load balancers and distributions, where moto goes wrong
functions.py             URLs of Lambda functions, and the condition in their policies
flow_logs.py             flow logs that go to another account's bucket
monitoring.py            composite alarms, subscriptions that wait for a confirmation, log groups that do not exist
clock.py                 the time that ages are counted back from
paging.py                MaxResults and NextToken for EC2, and the same for ListBuckets, KMS, EFS and AWS Backup
ec2_xml.py               EC2's parameters and answers
"""
