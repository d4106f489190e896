//! CloudTrail, once per account: the list of trails has the home Region of each, so that all about a trail is read there
//! alone. Trails of other accounts, which log here for the organization, are listed and not asked about.

mod answers;

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::future;
use futures::stream::{self, StreamExt};
use orgscan_core::api::Meaning;
use orgscan_core::model::{Arn, Gap, Reading, Region, TargetScope};
use orgscan_core::services::cloudtrail::{
    DESCRIBE_TRAILS, EventSelectors, GET_EVENT_SELECTORS, GET_TRAIL_STATUS, LIST_TRAILS, Trail,
    TrailList, TrailStatus, Trails,
};
use serde_json::json;

use self::answers::{
    DescribedTrails, ListedTrail, ListedTrails, SelectorsAnswer, StatusAnswer, TrailAnswer,
};
use super::{AccountScope, Collect, Collector, FactError, collectors, in_region};
use crate::json::{CLOUDTRAIL, JsonClient};
use crate::rate_limit::ApiCaller;
use crate::{Failure, pages, require_of};

/// Home Regions that are asked side by side. Most accounts have one.
const SIDE_BY_SIDE: usize = 4;

/// The facts of an account.
pub(super) fn collectors<'a>() -> Vec<Collector<AccountScope<'a>>> {
    collectors![Trails]
}

impl Collect<AccountScope<'_>> for Trails {
    async fn collect(scope: &AccountScope<'_>) -> Result<TrailList, FactError> {
        let mut list = TrailList::default();
        let mut homes: BTreeMap<Region, Vec<Arn>> = BTreeMap::new();
        for listed in list_trails(scope).await? {
            match owned(listed, scope.session.account.as_str()) {
                Ok(ListedArn::Own(arn, home)) => homes.entry(home).or_default().push(arn),
                Ok(ListedArn::OfOther(arn)) => list.of_others.push(arn),
                Err(failure) => list.own.gaps.push(failure.into()),
            }
        }
        let homes = stream::iter(homes).map(|(region, trails)| async move {
            let home = HomeRegion::new(scope, &region);
            home.trails(&trails).await
        });
        let homes: Vec<_> = homes.buffered(SIDE_BY_SIDE).collect().await;
        for trail in homes.into_iter().flatten() {
            match trail {
                Ok(Some(trail)) if trail.is_multi_region || scope.filter.admits(&trail.home) => {
                    list.own.known.push(trail);
                }
                Ok(Some(_)) => list.outside_regions += 1,
                Ok(None) => {}
                Err(gap) => list.own.gaps.push(gap),
            }
        }
        Ok(list)
    }
}

/// A trail of the list.
enum ListedArn {
    /// The account owns it, and its home Region has all about it.
    Own(Arn, Region),
    /// Another account owns it.
    OfOther(Arn),
}

async fn list_trails(scope: &AccountScope<'_>) -> Result<Vec<ListedTrail>, Failure> {
    let client = &scope.session.clients.json(&CLOUDTRAIL, &scope.session.home);
    let listed = pages(LIST_TRAILS.action, |token| async move {
        let input = match token {
            Some(token) => json!({ "NextToken": token }),
            None => json!({}),
        };
        let call = client.call(&scope.api_caller, &LIST_TRAILS, &input);
        let page: ListedTrails = call.await?;
        let trails = crate::require(LIST_TRAILS.action, "Trails", page.trails)?;
        Ok((trails, page.next_token))
    });
    listed.await
}

/// Whose a listed trail is. Its ARN has the owner, and the Region that the trail was created in.
fn owned(listed: ListedTrail, account: &str) -> Result<ListedArn, Failure> {
    let action = LIST_TRAILS.action;
    let name = listed.name.unwrap_or_default();
    let arn: Arn = require_of(action, &name, "TrailARN", listed.trail_arn)?.into();
    if arn.account() != account {
        return Ok(ListedArn::OfOther(arn));
    }
    let home = require_of(action, &arn, "HomeRegion", listed.home_region)?;
    Ok(ListedArn::Own(arn, Region::new(home)))
}

/// The home Region of some of the account's trails.
struct HomeRegion<'a> {
    region: &'a Region,
    client: JsonClient,
    api_caller: Arc<ApiCaller>,
}

impl<'a> HomeRegion<'a> {
    fn new(scope: &AccountScope<'_>, region: &'a Region) -> Self {
        let session = scope.session;
        Self {
            region,
            client: session.clients.json(&CLOUDTRAIL, region),
            api_caller: session.api_caller(&TargetScope::Region(region.clone())),
        }
    }

    /// What there is of these trails, or why there is nothing; none of one that was deleted after it was listed.
    async fn trails(&self, wanted: &[Arn]) -> Vec<Result<Option<Trail>, Gap>> {
        match self.describe(wanted).await {
            Ok(answers) => {
                let trails = wanted.iter().map(|arn| self.trail(arn, &answers));
                future::join_all(trails).await
            }
            Err(failure) => {
                let gap = self.gap(failure);
                let gaps = wanted.iter().map(|arn| Err(gap.clone().of(arn.as_str())));
                gaps.collect()
            }
        }
    }

    /// The settings of these trails. By their ARNs it is certain that the answer has no other ones.
    async fn describe(&self, wanted: &[Arn]) -> Result<Vec<TrailAnswer>, Failure> {
        let input = json!({ "trailNameList": wanted });
        let call = self.client.call(&self.api_caller, &DESCRIBE_TRAILS, &input);
        let answer: DescribedTrails = call.await?;
        crate::require(DESCRIBE_TRAILS.action, "trailList", answer.trail_list)
    }

    async fn trail(&self, arn: &Arn, answers: &[TrailAnswer]) -> Result<Option<Trail>, Gap> {
        let mut described = answers.iter();
        let described = described.find(|one| one.trail_arn.as_deref() == Some(arn.as_str()));
        let action = DESCRIBE_TRAILS.action;
        let described = require_of(action, arn, "the trail", described);
        let (status, selectors) = future::join(self.status(arn), self.selectors(arn)).await;
        let is_gone = [status.as_ref().err(), selectors.as_ref().err()];
        if is_gone.iter().flatten().any(|one| one.means(Meaning::Gone)) {
            return Ok(None);
        }
        let trail = described.and_then(|answer| answer.trail(arn));
        let trail = trail.map_err(|failure| self.gap(failure))?;
        Ok(Some(Trail {
            status: self.reading(arn, status),
            selectors: self.reading(arn, selectors),
            ..trail
        }))
    }

    async fn status(&self, arn: &Arn) -> Result<TrailStatus, Failure> {
        let input = json!({ "Name": arn });
        let call = self
            .client
            .call(&self.api_caller, &GET_TRAIL_STATUS, &input);
        let answer: StatusAnswer = call.await?;
        answer.status(arn)
    }

    async fn selectors(&self, arn: &Arn) -> Result<EventSelectors, Failure> {
        let input = json!({ "TrailName": arn });
        let call = self
            .client
            .call(&self.api_caller, &GET_EVENT_SELECTORS, &input);
        let answer: SelectorsAnswer = call.await?;
        answer.selectors(arn)
    }

    fn reading<T>(&self, arn: &Arn, answer: Result<T, Failure>) -> Reading<T> {
        let answer = answer.map_err(|failure| self.gap(failure).of(arn.as_str()));
        answer.into()
    }

    fn gap(&self, failure: Failure) -> Gap {
        let gap: Gap = in_region(failure, self.region).into();
        gap.in_region(self.region)
    }
}

#[cfg(test)]
mod tests;
