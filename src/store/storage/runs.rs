//! Runs by day, and what is read of them line by line.

use jiff::civil::Date;
use orgscan_core::model::RunFolder;
use orgscan_core::model::run_folder::{DAILY, day_folder};

use super::Storage;
use crate::{RECORD, Record, StoreError};

impl Storage {
    /// The reports of runs that began on a day, by id.
    ///
    /// # Errors
    /// Where they cannot be looked for.
    pub async fn runs_of(&self, day: Date) -> Result<Vec<RunFolder>, StoreError> {
        let found = self.folders_in(&day_folder(day)).await?.into_iter();
        let mut found: Vec<RunFolder> = found.map(|id| RunFolder { day, id }).collect();
        found.sort();
        Ok(found)
    }

    /// The reports of runs that are dated after a day, by day and id.
    ///
    /// # Errors
    /// Where they cannot be looked for.
    pub async fn runs_after(&self, day: Date) -> Result<Vec<RunFolder>, StoreError> {
        let mut days = Vec::new();
        for year in self.folders_in(DAILY).await? {
            if !year.parse().is_ok_and(|year: i16| year >= day.year()) {
                continue;
            }
            for month in self.folders_in(&format!("{DAILY}{year}/")).await? {
                let last = format!("{year}-{month}-01").parse::<Date>();
                if !last.is_ok_and(|first| first.last_of_month() > day) {
                    continue;
                }
                let found = self.folders_in(&format!("{DAILY}{year}/{month}/")).await?;
                let found = found
                    .iter()
                    .map(|of| format!("{year}-{month}-{of}").parse());
                days.extend(found.filter_map(Result::ok).filter(|of: &Date| *of > day));
            }
        }
        days.sort();
        let mut runs = Vec::new();
        for day in days {
            runs.extend(self.runs_of(day).await?);
        }
        Ok(runs)
    }

    /// The last day until this one, which is included, on which a run began that left its folder.
    ///
    /// # Errors
    /// Where they cannot be looked for.
    pub async fn last_day_with_runs(&self, until: Date) -> Result<Option<Date>, StoreError> {
        for year in self.latest_first(DAILY).await? {
            for month in self.latest_first(&format!("{DAILY}{year}/")).await? {
                let folder = format!("{DAILY}{year}/{month}/");
                for of in self.latest_first(&folder).await? {
                    let day = format!("{year}-{month}-{of}").parse::<Date>();
                    let Some(day) = day.ok().filter(|day| *day <= until) else {
                        continue;
                    };
                    if !self.runs_of(day).await?.is_empty() {
                        return Ok(Some(day));
                    }
                }
            }
        }
        Ok(None)
    }

    async fn latest_first(&self, folder: &str) -> Result<Vec<String>, StoreError> {
        let mut found = self.folders_in(folder).await?;
        found.sort_by(|a, b| b.cmp(a));
        Ok(found)
    }

    /// The ids of all runs that were started and are not forgotten yet, with or without a report.
    ///
    /// # Errors
    /// Where they cannot be looked for.
    pub async fn started_runs(&self) -> Result<Vec<String>, StoreError> {
        let mut found = self.folders_in("runs/").await?;
        found.sort();
        Ok(found)
    }

    /// What is written down of a run, if that is a record; none where nothing is.
    ///
    /// # Errors
    /// Where it cannot be looked for.
    pub async fn record(
        &self,
        run: &str,
    ) -> Result<Option<Result<Record, serde_json::Error>>, StoreError> {
        let name = format!("runs/{run}/{RECORD}");
        let bytes = self.read(&name).await?;
        Ok(bytes.map(|bytes| serde_json::from_slice(&bytes)))
    }
}
