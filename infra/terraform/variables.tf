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
  description = "stackset deploys the member role to the accounts of TargetOrganizationalUnits; none creates no member role, because your own pipeline deploys stacksets/member-role.yaml to every account, the management account included"
  type        = string
  default     = "stackset"

  validation {
    condition     = contains(["stackset", "none"], var.member_role_deployment)
    error_message = "Give one of stackset, none."
  }
}

variable "target_organizational_units" {
  description = "Ids of the OUs whose accounts get the member role, with commas between, 50 at most; the root's id (r-a1b2) for the whole organization; empty only with MemberRoleDeployment none"
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(?:((r-[a-z0-9]{4,32}|ou-[a-z0-9]{4,32}-[a-z0-9]{8,32})(,(r-[a-z0-9]{4,32}|ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}))*)?)$", var.target_organizational_units))
    error_message = "Give ids of OUs (ou-a1b2-c3d4e5f6) or of the root (r-a1b2), with commas between and no spaces, 50 at most; a parent OU stands for all OUs in it."
  }
}

variable "member_role_exclude_accounts" {
  description = "Accounts of these OUs that get no member role (ids, with commas between); empty for none. An account that joins a target OU later gets the role all the same"
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(?:([0-9]{12}(,[0-9]{12})*)?)$", var.member_role_exclude_accounts))
    error_message = "Give account ids with commas between and no spaces, 307 at most, or nothing."
  }

  validation {
    condition     = length(var.member_role_exclude_accounts) <= 4000
    error_message = "Give account ids with commas between and no spaces, 307 at most, or nothing."
  }
}

variable "call_as" {
  description = "SELF when this is the management account, DELEGATED_ADMIN when it is the account of a delegated administrator for CloudFormation StackSets"
  type        = string
  default     = "SELF"

  validation {
    condition     = contains(["SELF", "DELEGATED_ADMIN"], var.call_as)
    error_message = "Give one of SELF, DELEGATED_ADMIN."
  }
}

variable "alert_email" {
  description = "Where alerts and alarms are sent to by e-mail; empty for nowhere"
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(?:([^@ ]+@[^@ ]+)?)$", var.alert_email))
    error_message = "Give one e-mail address, or nothing."
  }
}

variable "alert_route_topic_arns" {
  description = "Topics that the configuration's alert routes name, so that the function may publish to them; empty for none"
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(?:(arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}(,arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256})*)?)$", var.alert_route_topic_arns))
    error_message = "Give ARNs of SNS topics, with commas between and no spaces, 2,000 characters at most."
  }

  validation {
    condition     = length(var.alert_route_topic_arns) <= 2000
    error_message = "Give ARNs of SNS topics, with commas between and no spaces, 2,000 characters at most."
  }
}

variable "daily_schedule" {
  description = "When the daily scan begins, as EventBridge Scheduler writes it: cron(0 5 * * ? *)"
  type        = string
  default     = "cron(0 5 * * ? *)"

  validation {
    condition     = can(regex("^(?:(cron|rate)\\(.+\\))$", var.daily_schedule))
    error_message = "Give a cron(...) or rate(...) expression of EventBridge Scheduler."
  }
}

variable "weekly_schedule" {
  description = "When the report of the week is made that has ended by then, from Monday to Sunday in UTC. Nothing is scanned"
  type        = string
  default     = "cron(0 7 ? * MON *)"

  validation {
    condition     = can(regex("^(?:(cron|rate)\\(.+\\))$", var.weekly_schedule))
    error_message = "Give a cron(...) or rate(...) expression of EventBridge Scheduler."
  }
}

variable "weekly_schedule_state" {
  description = "Whether the weekly report is made"
  type        = string
  default     = "ENABLED"

  validation {
    condition     = contains(["ENABLED", "DISABLED"], var.weekly_schedule_state)
    error_message = "Give one of ENABLED, DISABLED."
  }
}

variable "schedule_time_zone" {
  description = "The schedules' time zone, by its name in the IANA database"
  type        = string
  default     = "UTC"

  validation {
    condition     = can(regex("^(?:[A-Za-z0-9_+/-]{1,50})$", var.schedule_time_zone))
    error_message = "Give a name of the IANA database, Europe/Berlin."
  }
}

variable "scan_period_hours" {
  description = "An alarm is raised when no scan has published for this many hours: the time between two scans, and some more"
  type        = number
  default     = 26

  validation {
    condition     = var.scan_period_hours >= 1
    error_message = "Give at least 1."
  }

  validation {
    condition     = var.scan_period_hours <= 168
    error_message = "Give at most 168."
  }
}

variable "coverage_alarm_percent" {
  description = "An alarm is raised when less than this percentage of what was to be checked could be checked"
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
  description = "on has an alarm say when a threshold is crossed, and when none is any more; off leaves that to the alert of each run"
  type        = string
  default     = "on"

  validation {
    condition     = contains(["on", "off"], var.threshold_alarm)
    error_message = "Give one of on, off."
  }
}

variable "config_location" {
  description = "The configuration file, s3://bucket/key.yaml; empty for none. The parameters here go before what it says"
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
  description = "The file that lists suppressed findings and expected gaps, s3://bucket/key.yaml; empty for none"
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
  description = "Scan only accounts of these OUs (ids or paths, with commas between); empty for all. At most 200 characters; a longer list goes into the configuration file (accounts.include.ous)"
  type        = string
  default     = ""

  validation {
    condition     = length(var.ous) <= 200
    error_message = "Give at most 200 characters; a longer list goes into the configuration file, accounts.include.ous, see ConfigLocation."
  }
}

variable "exclude_ous" {
  description = "Skip accounts of these OUs (ids or paths, with commas between). At most 200 characters; a longer list goes into the configuration file (accounts.exclude.ous)"
  type        = string
  default     = ""

  validation {
    condition     = length(var.exclude_ous) <= 200
    error_message = "Give at most 200 characters; a longer list goes into the configuration file, accounts.exclude.ous, see ConfigLocation."
  }
}

variable "exclude_accounts" {
  description = "Skip these accounts (ids, with commas between). At most 200 characters; a longer list goes into the configuration file (accounts.exclude.ids)"
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(?:([0-9]{12}(,[0-9]{12})*)?)$", var.exclude_accounts))
    error_message = "Give account ids with commas between and no spaces, 15 at most, or nothing; a longer list goes into the configuration file, accounts.exclude.ids, see ConfigLocation."
  }

  validation {
    condition     = length(var.exclude_accounts) <= 200
    error_message = "Give account ids with commas between and no spaces, 15 at most, or nothing; a longer list goes into the configuration file, accounts.exclude.ids, see ConfigLocation."
  }
}

variable "regions" {
  description = "Scan only these Regions (names or globs, eu-*, with commas between); empty for all that are enabled. At most 200 characters; a longer list goes into the configuration file (regions.include)"
  type        = string
  default     = ""

  validation {
    condition     = length(var.regions) <= 200
    error_message = "Give at most 200 characters; a longer list goes into the configuration file, regions.include, see ConfigLocation."
  }
}

variable "exclude_regions" {
  description = "Skip these Regions (names or globs, with commas between). At most 200 characters; a longer list goes into the configuration file (regions.exclude)"
  type        = string
  default     = ""

  validation {
    condition     = length(var.exclude_regions) <= 200
    error_message = "Give at most 200 characters; a longer list goes into the configuration file, regions.exclude, see ConfigLocation."
  }
}

variable "checks" {
  description = "Run only these checks (ids, with commas between); empty for all. At most 200 characters; a longer list goes into the configuration file (checks.include)"
  type        = string
  default     = ""

  validation {
    condition     = length(var.checks) <= 200
    error_message = "Give at most 200 characters; a longer list goes into the configuration file, checks.include, see ConfigLocation."
  }
}

variable "exclude_checks" {
  description = "Skip these checks (ids, with commas between). At most 200 characters; a longer list goes into the configuration file (checks.exclude)"
  type        = string
  default     = ""

  validation {
    condition     = length(var.exclude_checks) <= 200
    error_message = "Give at most 200 characters; a longer list goes into the configuration file, checks.exclude, see ConfigLocation."
  }
}

variable "api_share" {
  description = "The share of AWS's request quotas that scans may use, above 0 and at most 1; empty for orgscan's own, 0.5"
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
  description = "The namespace of the CloudWatch metrics"
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
  description = "on keeps findings and coverage of all runs as tables for Athena, in a Glue database of the stack's name; see docs/exports.md"
  type        = string
  default     = "off"

  validation {
    condition     = contains(["off", "on"], var.athena_tables)
    error_message = "Give one of off, on."
  }
}

variable "security_lake" {
  description = "on keeps the events of all runs below ext/ in the report bucket too, laid out as a custom source of Security Lake; see docs/exports.md"
  type        = string
  default     = "off"

  validation {
    condition     = contains(["off", "on"], var.security_lake)
    error_message = "Give one of off, on."
  }
}

variable "report_encryption" {
  description = "AES256 for S3's own keys, aws:kms for the stack's"
  type        = string
  default     = "AES256"

  validation {
    condition     = contains(["AES256", "aws:kms"], var.report_encryption)
    error_message = "Give one of AES256, aws:kms."
  }
}

variable "sign_reports" {
  description = "kms has a key of its own sign the manifest of each run's report, which costs 1 USD a month; off leaves them unsigned"
  type        = string
  default     = "kms"

  validation {
    condition     = contains(["kms", "off"], var.sign_reports)
    error_message = "Give one of kms, off."
  }
}

variable "report_access" {
  description = "central keeps reports in this account; organization lets every account of the organization read its own part, accounts/ID/, and keeps everybody outside the organization out"
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
  description = "Days after which the results that reports are made from are deleted"
  type        = number
  default     = 30

  validation {
    condition     = var.run_retention_days >= 1
    error_message = "Give at least 1."
  }
}

variable "report_lock" {
  description = "compliance locks every object (S3 Object Lock) so that nobody, the root user included, deletes or changes it for ReportLockDays; off does not. To be chosen before the first deployment"
  type        = string
  default     = "off"

  validation {
    condition     = contains(["off", "compliance"], var.report_lock)
    error_message = "Give one of off, compliance."
  }
}

variable "report_lock_days" {
  description = "Days for which objects are locked, where ReportLock is on"
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
  description = "The bucket in this Region that the function's zip file was uploaded to"
  type        = string

  validation {
    condition     = can(regex("^(?:[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])$", var.code_bucket))
    error_message = "Give the name of a bucket, without s3://."
  }
}

variable "code_key" {
  description = "The zip file's key in that bucket, orgscan/0.1.0/orgscan-lambda-x86_64.zip. Another key for each release: CloudFormation does not see that an object has changed"
  type        = string
  default     = ""

  validation {
    condition     = length(var.code_key) <= 1024
    error_message = "Give at most 1024 characters."
  }
}

variable "architecture" {
  description = "What the zip file was built for"
  type        = string
  default     = "x86_64"

  validation {
    condition     = contains(["x86_64", "arm64"], var.architecture)
    error_message = "Give one of x86_64, arm64."
  }
}

variable "memory_size" {
  description = "The function's memory in MB; 1769 is one vCPU"
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
  description = "The longest that one invocation takes, in seconds; a run that needs longer goes on in another one"
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
  description = "Room in /tmp for a copy of the accounts' results and the report, in MB; 2048 is enough for 10,000 accounts with the checks of the default"
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
  description = "Where Mode is distributed, invocations of the function that are set aside from the account's quota, and the most that run at the same time; above MapConcurrency. 0 sets none aside. AWS leaves at least 100 to all other functions"
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
  description = "single has one function at a time scan all accounts; distributed has a state machine call the function for batches of accounts, side by side"
  type        = string
  default     = "single"

  validation {
    condition     = contains(["single", "distributed"], var.mode)
    error_message = "Give one of single, distributed."
  }
}

variable "map_concurrency" {
  description = "Where Mode is distributed, batches that are scanned at the same time; below ReservedConcurrency where that is set, and below the account's quota of concurrent invocations"
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
  description = "Where Mode is distributed, accounts in a batch; one invocation should have time for all of them"
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
  description = "Where Mode is distributed, batches in a hundred that may fail before the others are no longer scanned; what was scanned is published in any case"
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
  description = "Days for which logs are kept"
  type        = number
  default     = 365

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "Give one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653."
  }
}

variable "central_role_name" {
  description = "The name of the role that the function runs as"
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

variable "central_permissions_boundary" {
  description = "Name, with its path, of the policy in this account that bounds the stack's own roles; empty for none"
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(?:([A-Za-z0-9+=,.@/_-]{1,640})?)$", var.central_permissions_boundary))
    error_message = "Give the name of a managed policy in this account, Boundary or security/Boundary."
  }
}

variable "external_id" {
  description = "External id that the central account has to give; empty for none"
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
  description = "The role's name; the same in every account"
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
  description = "The role's path, with a slash at both ends; the same in every account"
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

variable "permissions_boundary" {
  description = "Name, with its path, of the policy in this account that bounds the role; empty for none"
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(?:([A-Za-z0-9+=,.@/_-]{1,640})?)$", var.permissions_boundary))
    error_message = "Give the name of a managed policy in this account, Boundary or security/Boundary."
  }
}

locals {
  parameters = {
    OrganizationId             = var.organization_id
    MemberRoleDeployment       = var.member_role_deployment
    TargetOrganizationalUnits  = var.target_organizational_units
    MemberRoleExcludeAccounts  = var.member_role_exclude_accounts
    CallAs                     = var.call_as
    AlertEmail                 = var.alert_email
    AlertRouteTopicArns        = var.alert_route_topic_arns
    DailySchedule              = var.daily_schedule
    WeeklySchedule             = var.weekly_schedule
    WeeklyScheduleState        = var.weekly_schedule_state
    ScheduleTimeZone           = var.schedule_time_zone
    ScanPeriodHours            = var.scan_period_hours
    CoverageAlarmPercent       = var.coverage_alarm_percent
    ThresholdAlarm             = var.threshold_alarm
    ConfigLocation             = var.config_location
    ExceptionsLocation         = var.exceptions_location
    Ous                        = var.ous
    ExcludeOus                 = var.exclude_ous
    ExcludeAccounts            = var.exclude_accounts
    Regions                    = var.regions
    ExcludeRegions             = var.exclude_regions
    Checks                     = var.checks
    ExcludeChecks              = var.exclude_checks
    ApiShare                   = var.api_share
    MetricsNamespace           = var.metrics_namespace
    AthenaTables               = var.athena_tables
    SecurityLake               = var.security_lake
    ReportEncryption           = var.report_encryption
    SignReports                = var.sign_reports
    ReportAccess               = var.report_access
    ReportRetentionDays        = var.report_retention_days
    RunRetentionDays           = var.run_retention_days
    ReportLock                 = var.report_lock
    ReportLockDays             = var.report_lock_days
    CodeBucket                 = var.code_bucket
    CodeKey                    = var.code_key
    Architecture               = var.architecture
    MemorySize                 = var.memory_size
    Timeout                    = var.timeout
    EphemeralStorageSize       = var.ephemeral_storage_size
    ReservedConcurrency        = var.reserved_concurrency
    Mode                       = var.mode
    MapConcurrency             = var.map_concurrency
    BatchAccounts              = var.batch_accounts
    ToleratedFailurePercentage = var.tolerated_failure_percentage
    LogRetentionDays           = var.log_retention_days
    CentralRoleName            = var.central_role_name
    CentralPermissionsBoundary = var.central_permissions_boundary
    ExternalId                 = var.external_id
    MemberRoleName             = var.member_role_name
    MemberRolePath             = var.member_role_path
    PermissionsBoundary        = var.permissions_boundary
  }
}
