//! What environment variables, flags or the Lambda's event say over the file.

use orgscan_core::document::{Origins, Problem};
use orgscan_core::model::{CallAs, Region};
use orgscan_core::settings::{
    AccountFilter, AlertConfig, CheckFilter, Config, Destinations, ExternalId, FileLocation,
    Location, MetricsConfig, RegionFilter, ReportConfig, SigningConfig,
};

use super::settings;

/// Who speaks through an [`Overlay`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Source {
    /// Environment variables.
    Environment,
    /// Command line flags.
    #[default]
    Flags,
    /// The Lambda's event.
    Event,
}

/// What one source says over those before it. What is left out changes nothing.
///
/// An include list replaces the one before it; for accounts, all kinds of includes together, and for
/// checks what names them with what narrows it. Exclude lists add up, so nothing comes back that was excluded before.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Overlay {
    /// Who speaks; error messages name the variable, the flag or the event's field.
    pub source: Source,
    /// Scan only the account of the credentials, and do not ask Organizations: `--account self`. No
    /// field of the configuration: whoever starts the run takes it from here.
    pub own_account: bool,
    /// The AWS profile to sign in with: `--profile`. No field of the configuration file.
    pub profile: Option<String>,
    /// Accounts.
    pub accounts: AccountFilter,
    /// Regions.
    pub regions: RegionFilter,
    /// Checks.
    pub checks: CheckFilter,
    /// `home_region`
    pub home_region: Option<Region>,
    /// `role.name`
    pub role_name: Option<String>,
    /// `role.path`
    pub role_path: Option<String>,
    /// `role.external_id`
    pub external_id: Option<ExternalId>,
    /// `enrollment.stack_set`
    pub stack_set: Option<String>,
    /// `enrollment.call_as`
    pub call_as: Option<CallAs>,
    /// `api_share`
    pub api_share: Option<f64>,
    /// `timeouts.run_seconds`
    pub run_seconds: Option<u64>,
    /// `exceptions.location`
    pub exceptions: Option<FileLocation>,
    /// Publish metrics, in the namespace given so far or the default one.
    pub metrics: bool,
    /// `destinations.metrics.namespace`
    pub metrics_namespace: Option<String>,
    /// `destinations.alert.topic_arn`
    pub topic_arn: Option<String>,
    /// `destinations.alert.dashboard`; counts only where there is an alert.
    pub dashboard: Option<String>,
    /// `destinations.report.location`
    pub report_location: Option<Location>,
    /// `destinations.report.kms_key_id`; counts only where there is a location.
    pub report_kms_key_id: Option<String>,
    /// `destinations.report.shared`; counts only where there is a location.
    pub report_shared: Option<bool>,
    /// `destinations.report.tables`; counts only where there is a location.
    pub report_tables: Option<bool>,
    /// `destinations.report.security_lake`; counts only where there is a location.
    pub report_security_lake: Option<bool>,
    /// `destinations.report.signing`; counts only where there is a location.
    pub signing: SigningConfig,
    /// Whole destinations, each in place of the one before.
    pub destinations: Destinations,
}

impl Overlay {
    /// Puts what is said here over a configuration, and notes who said it.
    pub(super) fn apply(self, config: &mut Config, origins: &mut Origins) {
        let mut over = Over {
            source: self.source,
            origins,
        };
        config.profile = self.profile.or(config.profile.take());
        over.accounts(&mut config.accounts, self.accounts);
        let (to, from) = (&mut config.regions, self.regions);
        over.list("regions.include", &mut to.include, from.include);
        over.more("regions.exclude", &mut to.exclude, from.exclude);
        over.checks(&mut config.checks, self.checks);
        let to = &mut config.role;
        over.value("role.name", &mut to.name, self.role_name);
        over.value("role.path", &mut to.path, self.role_path);
        over.option("role.external_id", &mut to.external_id, self.external_id);
        let to = &mut config.enrollment;
        over.option("enrollment.stack_set", &mut to.stack_set, self.stack_set);
        over.value("enrollment.call_as", &mut to.call_as, self.call_as);
        over.option("home_region", &mut config.home_region, self.home_region);
        over.value("api_share", &mut config.api_share.0, self.api_share);
        let to = &mut config.timeouts.run_seconds;
        over.option("timeouts.run_seconds", to, self.run_seconds);
        let to = &mut config.exceptions.location;
        over.option("exceptions.location", to, self.exceptions);
        let to = &mut config.destinations;
        over.whole_destinations(to, self.destinations);
        over.metrics(&mut to.metrics, self.metrics, self.metrics_namespace);
        over.alert(&mut to.alert, self.topic_arn, self.dashboard);
        let (location, key) = (self.report_location, self.report_kms_key_id);
        over.report(&mut to.report, location, key);
        over.files(
            &mut to.report,
            self.report_shared,
            self.report_tables,
            self.report_security_lake,
        );
        over.signing(&mut to.report, self.signing);
    }
}

impl Overlay {
    /// An event names the place of a report, and not who signs what is written there: that would begin
    /// another chain under the same name. Gives what is wrong with it.
    pub(super) fn keep_signing(&mut self, configured: &SigningConfig) -> Option<Problem> {
        if self.source != Source::Event {
            return None;
        }
        let report = self.destinations.report.as_mut()?;
        let asked = std::mem::replace(&mut report.signing, configured.clone());
        let is_other = asked != SigningConfig::default() && asked != *configured;
        is_other.then(|| Problem {
            origin: "event".to_owned(),
            field: "destinations.report.signing".to_owned(),
            message:
                "is another key than the configuration's, which signs all reports; leave it out"
                    .to_owned(),
        })
    }

    /// Says who signs reports where nobody has: their place may be named after this has spoken.
    pub(super) fn sign(self, config: &mut Config, origins: &mut Origins) {
        let report = &mut config.destinations.report;
        let nobody = SigningConfig::default();
        if report
            .as_ref()
            .is_some_and(|report| report.signing == nobody)
        {
            let source = self.source;
            Over { source, origins }.signing(report, self.signing);
        }
    }
}

/// Puts values over others, and notes who said them.
struct Over<'a> {
    source: Source,
    origins: &'a mut Origins,
}

impl Over<'_> {
    fn say(&mut self, field: &str) {
        self.origins
            .say(field, &settings::said_by(self.source, field));
    }

    fn value<T>(&mut self, field: &str, slot: &mut T, value: Option<T>) {
        if let Some(value) = value {
            *slot = value;
            self.say(field);
        }
    }

    fn option<T>(&mut self, field: &str, slot: &mut Option<T>, value: Option<T>) {
        self.value(field, slot, value.map(Some));
    }

    fn list<T>(&mut self, field: &str, slot: &mut Vec<T>, items: Vec<T>) {
        self.value(field, slot, (!items.is_empty()).then_some(items));
    }

    fn more<T>(&mut self, field: &str, slot: &mut Vec<T>, items: Vec<T>) {
        let said = settings::said_by(self.source, field);
        for item in items {
            self.origins.say(&format!("{field}[{}]", slot.len()), &said);
            slot.push(item);
        }
    }

    fn accounts(&mut self, slot: &mut AccountFilter, given: AccountFilter) {
        if !given.include.is_empty() {
            self.origins.forget("accounts.include");
            slot.include = Default::default();
            let (to, from) = (&mut slot.include, given.include);
            self.list("accounts.include.ids", &mut to.ids, from.ids);
            self.list("accounts.include.ous", &mut to.ous, from.ous);
            self.list("accounts.include.names", &mut to.names, from.names);
            let tags = (!from.tags.is_empty()).then_some(from.tags);
            self.value("accounts.include.tags", &mut to.tags, tags);
        }
        let (to, from) = (&mut slot.exclude, given.exclude);
        self.more("accounts.exclude.ids", &mut to.ids, from.ids);
        self.more("accounts.exclude.ous", &mut to.ous, from.ous);
        self.more("accounts.exclude.names", &mut to.names, from.names);
        for (key, value) in from.tags {
            self.say(&format!("accounts.exclude.tags.{key}"));
            to.tags.insert(key, value);
        }
    }

    /// Naming checks is a new question: what narrowed the one before goes with it.
    fn checks(&mut self, slot: &mut CheckFilter, given: CheckFilter) {
        if !given.names_nothing() {
            for field in ["include", "frameworks", "categories", "severity_at_least"] {
                self.origins.forget(&format!("checks.{field}"));
            }
            *slot = CheckFilter {
                exclude: std::mem::take(&mut slot.exclude),
                ..CheckFilter::default()
            };
        }
        self.list("checks.include", &mut slot.include, given.include);
        self.list("checks.frameworks", &mut slot.frameworks, given.frameworks);
        self.list("checks.categories", &mut slot.categories, given.categories);
        let severity = &mut slot.severity_at_least;
        self.option(
            "checks.severity_at_least",
            severity,
            given.severity_at_least,
        );
        self.more("checks.exclude", &mut slot.exclude, given.exclude);
    }

    fn whole_destinations(&mut self, slot: &mut Destinations, given: Destinations) {
        self.option("destinations.metrics", &mut slot.metrics, given.metrics);
        self.option("destinations.alert", &mut slot.alert, given.alert);
        self.option("destinations.report", &mut slot.report, given.report);
    }

    fn metrics(&mut self, slot: &mut Option<MetricsConfig>, on: bool, namespace: Option<String>) {
        if on || namespace.is_some() {
            let metrics = slot.get_or_insert_default();
            self.value(
                "destinations.metrics.namespace",
                &mut metrics.namespace,
                namespace,
            );
        }
    }

    fn alert(
        &mut self,
        slot: &mut Option<AlertConfig>,
        topic_arn: Option<String>,
        dashboard: Option<String>,
    ) {
        if let Some(topic_arn) = topic_arn {
            match slot {
                Some(alert) => alert.topic_arn = topic_arn.into(),
                None => *slot = Some(AlertConfig::to(topic_arn)),
            }
            self.say("destinations.alert.topic_arn");
        }
        if let Some(alert) = slot {
            let field = "destinations.alert.dashboard";
            self.option(field, &mut alert.dashboard, dashboard);
        }
    }

    fn report(
        &mut self,
        slot: &mut Option<ReportConfig>,
        location: Option<Location>,
        kms_key_id: Option<String>,
    ) {
        if let Some(location) = location {
            match slot {
                Some(report) => report.location = location,
                None => *slot = Some(ReportConfig::at(location)),
            }
            self.say("destinations.report.location");
        }
        if let Some(report) = slot {
            let field = "destinations.report.kms_key_id";
            self.option(field, &mut report.kms_key_id, kms_key_id);
        }
    }

    fn files(
        &mut self,
        slot: &mut Option<ReportConfig>,
        shared: Option<bool>,
        tables: Option<bool>,
        lake: Option<bool>,
    ) {
        if let Some(report) = slot {
            self.value("destinations.report.shared", &mut report.shared, shared);
            self.value("destinations.report.tables", &mut report.tables, tables);
            let field = "destinations.report.security_lake";
            self.value(field, &mut report.security_lake, lake);
        }
    }

    fn signing(&mut self, slot: &mut Option<ReportConfig>, given: SigningConfig) {
        if let Some(report) = slot {
            let to = &mut report.signing;
            let field = "destinations.report.signing.kms_key_id";
            self.option(field, &mut to.kms_key_id, given.kms_key_id);
            let field = "destinations.report.signing.key_file";
            self.option(field, &mut to.key_file, given.key_file);
        }
    }
}
