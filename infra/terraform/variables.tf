# Generated from ../orgscan.yaml: ORGSCAN_BLESS=1 cargo test --features judges --test it terraform

variable "stack_name" {
  description = "The stack's name; names of other resources begin with it"
  type        = string
  default     = "orgscan"

  validation {
    condition     = can(regex("^[a-zA-Z][-a-zA-Z0-9]{0,49}$", var.stack_name))
    error_message = "Give a letter, then up to 49 letters, digits or hyphens."
  }
}

variable "zip" {
  description = "The file with the function's code, which is uploaded to code_bucket; null if code_key is there already"
  type        = string
  default     = null
}

variable "iam_role_arn" {
  description = "The service role that CloudFormation assumes; null for the caller's own permissions"
  type        = string
  default     = null
}

variable "notification_arns" {
  description = "Topics that get the events of the stack"
  type        = list(string)
  default     = []
}

variable "tags" {
  description = "Tags of the stack and of its resources"
  type        = map(string)
  default     = {}
}

variable "organization_id" {
  description = "The organization's id: only principals inside it may assume the member role"
  type        = string

  validation {
    condition     = can(regex("^(?:o-[a-z0-9]{10,32})$", var.organization_id))
    error_message = "Give the organization's id, o-a1b2c3d4e5."
  }
}

variable "member_role_deployment" {
  description = "stackset deploys the member role to the accounts of TargetOrganizationalUnits; none creates no member role: your own pipeline must deploy stacksets/member-role.yaml to every account, including the management account"
  type        = string
  default     = "stackset"

  validation {
    condition     = contains(["stackset", "none"], var.member_role_deployment)
    error_message = "Give one of stackset, none."
  }
}

variable "target_organizational_units" {
  description = "Ids of the OUs whose accounts get the member role, separated by commas, 50 at most; the root's id (r-a1b2) for the whole organization; empty only with MemberRoleDeployment none"
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(?:((r-[a-z0-9]{4,32}|ou-[a-z0-9]{4,32}-[a-z0-9]{8,32})(,(r-[a-z0-9]{4,32}|ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}))*)?)$", var.target_organizational_units))
    error_message = "Give ids of OUs (ou-a1b2-c3d4e5f6) or of the root (r-a1b2), separated by commas without spaces, 50 at most; a parent OU includes all OUs in it."
  }
}

variable "member_role_exclude_accounts" {
  description = "Accounts of these OUs without member role (ids, separated by commas); empty for none. An account that joins a target OU later still gets the role"
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(?:([0-9]{12}(,[0-9]{12})*)?)$", var.member_role_exclude_accounts))
    error_message = "Give account ids separated by commas without spaces, 307 at most, or nothing."
  }

  validation {
    condition     = length(var.member_role_exclude_accounts) <= 4000
    error_message = "Give account ids separated by commas without spaces, 307 at most, or nothing."
  }
}

variable "call_as" {
  description = "SELF in the management account, DELEGATED_ADMIN in the account of a delegated administrator for CloudFormation StackSets"
  type        = string
  default     = "SELF"

  validation {
    condition     = contains(["SELF", "DELEGATED_ADMIN"], var.call_as)
    error_message = "Give one of SELF, DELEGATED_ADMIN."
  }
}

variable "alert_email" {
  description = "Email address for alerts and alarms; empty for none"
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(?:([^@ ]+@[^@ ]+)?)$", var.alert_email))
    error_message = "Give one email address, or nothing."
  }
}

variable "alert_route_topic_arns" {
  description = "ARNs of the topics of alert routes, to allow the function to publish to them; empty for none"
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(?:(arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}(,arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256})*)?)$", var.alert_route_topic_arns))
    error_message = "Give ARNs of SNS topics, separated by commas without spaces, 2,000 characters at most."
  }

  validation {
    condition     = length(var.alert_route_topic_arns) <= 2000
    error_message = "Give ARNs of SNS topics, separated by commas without spaces, 2,000 characters at most."
  }
}

variable "daily_schedule" {
  description = "Schedule of the daily scan, an expression of EventBridge Scheduler: cron(0 5 * * ? *)"
  type        = string
  default     = "cron(0 5 * * ? *)"

  validation {
    condition     = can(regex("^(?:(cron|rate)\\(.+\\))$", var.daily_schedule))
    error_message = "Give a cron(...) or rate(...) expression of EventBridge Scheduler."
  }
}

variable "weekly_schedule" {
  description = "Schedule of the weekly report about the last full week, Monday to Sunday in UTC. It scans nothing"
  type        = string
  default     = "cron(0 7 ? * MON *)"

  validation {
    condition     = can(regex("^(?:(cron|rate)\\(.+\\))$", var.weekly_schedule))
    error_message = "Give a cron(...) or rate(...) expression of EventBridge Scheduler."
  }
}

variable "weekly_schedule_state" {
  description = "Whether the weekly report is enabled"
  type        = string
  default     = "ENABLED"

  validation {
    condition     = contains(["ENABLED", "DISABLED"], var.weekly_schedule_state)
    error_message = "Give one of ENABLED, DISABLED."
  }
}

variable "schedule_time_zone" {
  description = "Time zone of the schedules, a name of the IANA database"
  type        = string
  default     = "UTC"

  validation {
    condition     = can(regex("^(?:[A-Za-z0-9_+/-]{1,50})$", var.schedule_time_zone))
    error_message = "Give a name of the IANA database, such as Europe/Berlin."
  }
}

variable "no_scan_alarm_hours" {
  description = "Hours without a published scan after which an alarm is raised: the time between two scans, plus a margin"
  type        = number
  default     = 26

  validation {
    condition     = var.no_scan_alarm_hours >= 1
    error_message = "Give at least 1."
  }

  validation {
    condition     = var.no_scan_alarm_hours <= 168
    error_message = "Give at most 168."
  }
}

variable "coverage_alarm_percent" {
  description = "Coverage in percent below which an alarm is raised"
  type        = number
  default     = 95

  validation {
    condition     = var.coverage_alarm_percent >= 0
    error_message = "Give at least 0."
  }

  validation {
    condition     = var.coverage_alarm_percent <= 100
    error_message = "Give at most 100."
  }
}

variable "threshold_alarm" {
  description = "on raises an alarm while a threshold is crossed; off creates no alarm, and only the alert of each run shows it"
  type        = string
  default     = "on"

  validation {
    condition     = contains(["on", "off"], var.threshold_alarm)
    error_message = "Give one of on, off."
  }
}

variable "config_location" {
  description = "The configuration file, s3://bucket/key.yaml; empty for none. The parameters override it"
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(?:(s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/.+)?)$", var.config_location))
    error_message = "Give s3://bucket/key of at most 256 characters, or nothing."
  }

  validation {
    condition     = length(var.config_location) <= 256
    error_message = "Give s3://bucket/key of at most 256 characters, or nothing."
  }
}

variable "exceptions_location" {
  description = "The exceptions file, s3://bucket/key.yaml; empty for none"
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(?:(s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/.+)?)$", var.exceptions_location))
    error_message = "Give s3://bucket/key of at most 256 characters, or nothing."
  }

  validation {
    condition     = length(var.exceptions_location) <= 256
    error_message = "Give s3://bucket/key of at most 256 characters, or nothing."
  }
}

variable "ous" {
  description = "Scan only accounts of these OUs (ids or paths, separated by commas); empty for all. At most 200 characters; put a longer list in the configuration file (accounts.include.ous)"
  type        = string
  default     = ""

  validation {
    condition     = length(var.ous) <= 200
    error_message = "Give at most 200 characters; put a longer list in the configuration file, accounts.include.ous, see ConfigLocation."
  }
}

variable "exclude_ous" {
  description = "Exclude accounts of these OUs (ids or paths, separated by commas). At most 200 characters; put a longer list in the configuration file (accounts.exclude.ous)"
  type        = string
  default     = ""

  validation {
    condition     = length(var.exclude_ous) <= 200
    error_message = "Give at most 200 characters; put a longer list in the configuration file, accounts.exclude.ous, see ConfigLocation."
  }
}

variable "exclude_accounts" {
  description = "Exclude these accounts (ids, separated by commas). At most 200 characters; put a longer list in the configuration file (accounts.exclude.ids)"
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(?:([0-9]{12}(,[0-9]{12})*)?)$", var.exclude_accounts))
    error_message = "Give account ids separated by commas without spaces, 15 at most, or nothing; put a longer list in the configuration file, accounts.exclude.ids, see ConfigLocation."
  }

  validation {
    condition     = length(var.exclude_accounts) <= 200
    error_message = "Give account ids separated by commas without spaces, 15 at most, or nothing; put a longer list in the configuration file, accounts.exclude.ids, see ConfigLocation."
  }
}

variable "regions" {
  description = "Scan only these Regions (names or globs such as eu-*, separated by commas); empty for all enabled ones. At most 200 characters; put a longer list in the configuration file (regions.include)"
  type        = string
  default     = ""

  validation {
    condition     = length(var.regions) <= 200
    error_message = "Give at most 200 characters; put a longer list in the configuration file, regions.include, see ConfigLocation."
  }
}

variable "exclude_regions" {
  description = "Exclude these Regions (names or globs, separated by commas). At most 200 characters; put a longer list in the configuration file (regions.exclude)"
  type        = string
  default     = ""

  validation {
    condition     = length(var.exclude_regions) <= 200
    error_message = "Give at most 200 characters; put a longer list in the configuration file, regions.exclude, see ConfigLocation."
  }
}

variable "checks" {
  description = "Run only these checks (ids, separated by commas); empty for all that are enabled by default. At most 200 characters; put a longer list in the configuration file (checks.include)"
  type        = string
  default     = ""

  validation {
    condition     = length(var.checks) <= 200
    error_message = "Give at most 200 characters; put a longer list in the configuration file, checks.include, see ConfigLocation."
  }
}

variable "exclude_checks" {
  description = "Exclude these checks (ids, separated by commas). At most 200 characters; put a longer list in the configuration file (checks.exclude)"
  type        = string
  default     = ""

  validation {
    condition     = length(var.exclude_checks) <= 200
    error_message = "Give at most 200 characters; put a longer list in the configuration file, checks.exclude, see ConfigLocation."
  }
}

variable "api_share" {
  description = "Share of AWS's request quotas that scans may use, above 0 and at most 1; empty for the default, 0.5"
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(?:(0?\\.[0-9]*[1-9][0-9]*|1(\\.0*)?)?)$", var.api_share))
    error_message = "Give a number above 0 and at most 1, or nothing."
  }

  validation {
    condition     = length(var.api_share) <= 10
    error_message = "Give a number above 0 and at most 1, or nothing."
  }
}

variable "metrics_namespace" {
  description = "Namespace of the CloudWatch metrics"
  type        = string
  default     = "OrgScan"

  validation {
    condition     = can(regex("^(?:[A-Za-z0-9._/#-]{1,128})$", var.metrics_namespace))
    error_message = "Give 1 to 128 letters, digits or . _ / # -."
  }

  validation {
    condition     = length(var.metrics_namespace) <= 128
    error_message = "Give 1 to 128 letters, digits or . _ / # -."
  }
}

variable "athena_tables" {
  description = "on writes findings and coverage of all runs as tables for Athena, in a Glue database with the name of the stack; see docs/exports.md"
  type        = string
  default     = "off"

  validation {
    condition     = contains(["off", "on"], var.athena_tables)
    error_message = "Give one of off, on."
  }
}

variable "security_lake" {
  description = "on also writes the events of all runs to ext/ in the report bucket, in the layout of a custom source of Security Lake; see docs/exports.md"
  type        = string
  default     = "off"

  validation {
    condition     = contains(["off", "on"], var.security_lake)
    error_message = "Give one of off, on."
  }
}

variable "report_encryption" {
  description = "AES256 for the keys of S3, aws:kms for the key of the stack"
  type        = string
  default     = "AES256"

  validation {
    condition     = contains(["AES256", "aws:kms"], var.report_encryption)
    error_message = "Give one of AES256, aws:kms."
  }
}

variable "sign_reports" {
  description = "kms creates a key that signs the manifest of each report, for 1 USD per month; off does not sign manifests"
  type        = string
  default     = "kms"

  validation {
    condition     = contains(["kms", "off"], var.sign_reports)
    error_message = "Give one of kms, off."
  }
}

variable "report_access" {
  description = "central gives only this account access to reports; organization lets every account of the organization read its own part, accounts/ID/, and denies access from outside the organization"
  type        = string
  default     = "central"

  validation {
    condition     = contains(["central", "organization"], var.report_access)
    error_message = "Give one of central, organization."
  }
}

variable "report_retention_days" {
  description = "Days after which reports are deleted; longer than ReportLockDays"
  type        = number
  default     = 400

  validation {
    condition     = var.report_retention_days >= 1
    error_message = "Give at least 1."
  }
}

variable "run_retention_days" {
  description = "Days after which the stored results of runs are deleted"
  type        = number
  default     = 30

  validation {
    condition     = var.run_retention_days >= 1
    error_message = "Give at least 1."
  }
}

variable "report_lock" {
  description = "compliance locks every object (S3 Object Lock), so that nobody, including the root user, can delete or change it for ReportLockDays; off does not. Choose it before the first deployment"
  type        = string
  default     = "off"

  validation {
    condition     = contains(["off", "compliance"], var.report_lock)
    error_message = "Give one of off, compliance."
  }
}

variable "report_lock_days" {
  description = "Days for which objects are locked if ReportLock is compliance"
  type        = number
  default     = 30

  validation {
    condition     = var.report_lock_days >= 1
    error_message = "Give at least 1."
  }

  validation {
    condition     = var.report_lock_days <= 36500
    error_message = "Give at most 36500."
  }
}

variable "code_bucket" {
  description = "Bucket in this Region with the zip file of the function"
  type        = string

  validation {
    condition     = can(regex("^(?:[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])$", var.code_bucket))
    error_message = "Give the name of a bucket, without s3://."
  }
}

variable "code_key" {
  description = "Key of the zip file in that bucket, such as orgscan/0.1.0/orgscan-lambda-x86_64.zip. Use another key for each release, because CloudFormation does not detect a changed object"
  type        = string
  default     = ""

  validation {
    condition     = length(var.code_key) <= 1024
    error_message = "Give at most 1024 characters."
  }
}

variable "architecture" {
  description = "Processor architecture of the zip file"
  type        = string
  default     = "x86_64"

  validation {
    condition     = contains(["x86_64", "arm64"], var.architecture)
    error_message = "Give one of x86_64, arm64."
  }
}

variable "memory_size" {
  description = "Memory of the function in MB; 1769 is one vCPU"
  type        = number
  default     = 1769

  validation {
    condition     = var.memory_size >= 128
    error_message = "Give at least 128."
  }

  validation {
    condition     = var.memory_size <= 10240
    error_message = "Give at most 10240."
  }
}

variable "timeout" {
  description = "Time limit of one invocation in seconds; a longer run continues in another invocation"
  type        = number
  default     = 900

  validation {
    condition     = var.timeout >= 120
    error_message = "Give at least 120."
  }

  validation {
    condition     = var.timeout <= 900
    error_message = "Give at most 900."
  }
}

variable "ephemeral_storage_size" {
  description = "Size of /tmp in MB, for a copy of the results and the report; 2048 is enough for 10,000 accounts with the checks that are enabled by default"
  type        = number
  default     = 2048

  validation {
    condition     = var.ephemeral_storage_size >= 512
    error_message = "Give at least 512."
  }

  validation {
    condition     = var.ephemeral_storage_size <= 10240
    error_message = "Give at most 10240."
  }
}

variable "reserved_concurrency" {
  description = "With Mode distributed, the reserved concurrency of the function, which is also its maximum; must be above MapConcurrency. 0 reserves none. AWS keeps at least 100 unreserved for other functions"
  type        = number
  default     = 0

  validation {
    condition     = var.reserved_concurrency >= 0
    error_message = "Give at least 0."
  }

  validation {
    condition     = var.reserved_concurrency <= 1000
    error_message = "Give at most 1000."
  }
}

variable "mode" {
  description = "single scans all accounts in one invocation at a time; distributed scans batches of accounts in parallel, with a state machine"
  type        = string
  default     = "single"

  validation {
    condition     = contains(["single", "distributed"], var.mode)
    error_message = "Give one of single, distributed."
  }
}

variable "map_concurrency" {
  description = "With Mode distributed, the number of batches that are scanned at the same time; below ReservedConcurrency if it is set, and below the account's quota of concurrent executions"
  type        = number
  default     = 40

  validation {
    condition     = var.map_concurrency >= 1
    error_message = "Give at least 1."
  }

  validation {
    condition     = var.map_concurrency <= 10000
    error_message = "Give at most 10000."
  }
}

variable "batch_accounts" {
  description = "With Mode distributed, the number of accounts in a batch; one invocation should have time for all of them"
  type        = number
  default     = 50

  validation {
    condition     = var.batch_accounts >= 1
    error_message = "Give at least 1."
  }

  validation {
    condition     = var.batch_accounts <= 1000
    error_message = "Give at most 1000."
  }
}

variable "tolerated_failure_percentage" {
  description = "With Mode distributed, the percentage of batches that may fail before the scan stops; the results are published in any case"
  type        = number
  default     = 10

  validation {
    condition     = var.tolerated_failure_percentage >= 0
    error_message = "Give at least 0."
  }

  validation {
    condition     = var.tolerated_failure_percentage <= 100
    error_message = "Give at most 100."
  }
}

variable "log_retention_days" {
  description = "Retention of logs in days"
  type        = number
  default     = 365

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "Give one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653."
  }
}

variable "central_role_name" {
  description = "Name of the role of the function"
  type        = string
  default     = "OrgScanCentral"

  validation {
    condition     = can(regex("^(?:[A-Za-z0-9+=,.@_-]{1,64})$", var.central_role_name))
    error_message = "Give 1 to 64 letters, digits or + = , . @ _ -."
  }

  validation {
    condition     = length(var.central_role_name) <= 64
    error_message = "Give 1 to 64 letters, digits or + = , . @ _ -."
  }
}

variable "central_role_permissions_boundary" {
  description = "Name, with its path, of the managed policy that is the permissions boundary of the stack's own roles; empty for none"
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(?:([A-Za-z0-9+=,.@/_-]{1,640})?)$", var.central_role_permissions_boundary))
    error_message = "Give the name of a managed policy in this account, Boundary or security/Boundary."
  }
}

variable "external_id" {
  description = "External id that the central account must send; empty for none"
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(?:([A-Za-z0-9+=,.@:/_-]{2,256})?)$", var.external_id))
    error_message = "Give 2 to 256 letters, digits or + = , . @ : / _ - (or nothing)."
  }

  validation {
    condition     = length(var.external_id) <= 256
    error_message = "Give 2 to 256 letters, digits or + = , . @ : / _ - (or nothing)."
  }
}

variable "member_role_name" {
  description = "Name of the member role; the same in every account"
  type        = string
  default     = "OrgScanMember"

  validation {
    condition     = can(regex("^(?:[A-Za-z0-9+=,.@_-]{1,64})$", var.member_role_name))
    error_message = "Give 1 to 64 letters, digits or + = , . @ _ -."
  }

  validation {
    condition     = length(var.member_role_name) <= 64
    error_message = "Give 1 to 64 letters, digits or + = , . @ _ -."
  }
}

variable "member_role_path" {
  description = "Path of the member role, with a slash at both ends; the same in every account"
  type        = string
  default     = "/"

  validation {
    condition     = can(regex("^(?:/([!-~]{1,126}/)?)$", var.member_role_path))
    error_message = "Begin and end it with a slash, as in / or /security/; 128 characters at most."
  }

  validation {
    condition     = length(var.member_role_path) <= 128
    error_message = "Begin and end it with a slash, as in / or /security/; 128 characters at most."
  }
}

variable "member_role_permissions_boundary" {
  description = "Name, with its path, of the managed policy that is the permissions boundary of the member role; empty for none"
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(?:([A-Za-z0-9+=,.@/_-]{1,640})?)$", var.member_role_permissions_boundary))
    error_message = "Give the name of a managed policy in this account, Boundary or security/Boundary."
  }
}

locals {
  parameters = {
    OrganizationId                 = var.organization_id
    MemberRoleDeployment           = var.member_role_deployment
    TargetOrganizationalUnits      = var.target_organizational_units
    MemberRoleExcludeAccounts      = var.member_role_exclude_accounts
    CallAs                         = var.call_as
    AlertEmail                     = var.alert_email
    AlertRouteTopicArns            = var.alert_route_topic_arns
    DailySchedule                  = var.daily_schedule
    WeeklySchedule                 = var.weekly_schedule
    WeeklyScheduleState            = var.weekly_schedule_state
    ScheduleTimeZone               = var.schedule_time_zone
    NoScanAlarmHours               = var.no_scan_alarm_hours
    CoverageAlarmPercent           = var.coverage_alarm_percent
    ThresholdAlarm                 = var.threshold_alarm
    ConfigLocation                 = var.config_location
    ExceptionsLocation             = var.exceptions_location
    Ous                            = var.ous
    ExcludeOus                     = var.exclude_ous
    ExcludeAccounts                = var.exclude_accounts
    Regions                        = var.regions
    ExcludeRegions                 = var.exclude_regions
    Checks                         = var.checks
    ExcludeChecks                  = var.exclude_checks
    ApiShare                       = var.api_share
    MetricsNamespace               = var.metrics_namespace
    AthenaTables                   = var.athena_tables
    SecurityLake                   = var.security_lake
    ReportEncryption               = var.report_encryption
    SignReports                    = var.sign_reports
    ReportAccess                   = var.report_access
    ReportRetentionDays            = var.report_retention_days
    RunRetentionDays               = var.run_retention_days
    ReportLock                     = var.report_lock
    ReportLockDays                 = var.report_lock_days
    CodeBucket                     = var.code_bucket
    CodeKey                        = var.code_key
    Architecture                   = var.architecture
    MemorySize                     = var.memory_size
    Timeout                        = var.timeout
    EphemeralStorageSize           = var.ephemeral_storage_size
    ReservedConcurrency            = var.reserved_concurrency
    Mode                           = var.mode
    MapConcurrency                 = var.map_concurrency
    BatchAccounts                  = var.batch_accounts
    ToleratedFailurePercentage     = var.tolerated_failure_percentage
    LogRetentionDays               = var.log_retention_days
    CentralRoleName                = var.central_role_name
    CentralRolePermissionsBoundary = var.central_role_permissions_boundary
    ExternalId                     = var.external_id
    MemberRoleName                 = var.member_role_name
    MemberRolePath                 = var.member_role_path
    MemberRolePermissionsBoundary  = var.member_role_permissions_boundary
  }
}
