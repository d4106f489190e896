//! VPC Block Public Access.

use aws_sdk_ec2::types;
use orgscan_core::model::Items;
use orgscan_core::services::ec2::{
    DESCRIBE_VPC_BLOCK, DESCRIBE_VPC_BLOCK_EXCLUSIONS, VpcBlockMode, VpcBlockPublicAccess,
};

use super::list::list;
use super::unknown_value;
use crate::collect::{Collect, FactError, RegionScope};
use crate::{Failure, require};

impl Collect<RegionScope<'_>> for VpcBlockPublicAccess {
    /// VPC Block Public Access, and what is excluded from it where it is on.
    async fn collect(scope: &RegionScope<'_>) -> Result<Self, FactError> {
        let api = &DESCRIBE_VPC_BLOCK;
        let answer = scope
            .api_caller
            .call(api, || {
                let client = scope.ec2();
                client.describe_vpc_block_public_access_options().send()
            })
            .await?;
        let options = answer.vpc_block_public_access_options;
        let options = require(api.action, "vpcBlockPublicAccessOptions", options)?;
        let mode = options.internet_gateway_block_mode;
        let mode = block_mode(&require(api.action, "internetGatewayBlockMode", mode)?)?;
        let exclusions = match mode {
            VpcBlockMode::Off => Items::default(),
            _ => vpc_block_exclusions(scope).await?,
        };
        Ok(Self { mode, exclusions })
    }
}

async fn vpc_block_exclusions(scope: &RegionScope<'_>) -> Result<Items<String>, Failure> {
    list!(
        scope,
        DESCRIBE_VPC_BLOCK_EXCLUSIONS,
        describe_vpc_block_public_access_exclusions,
        vpc_block_public_access_exclusions,
        excluded_resource
    )
}

fn block_mode(mode: &types::InternetGatewayBlockMode) -> Result<VpcBlockMode, Failure> {
    use types::InternetGatewayBlockMode as Mode;
    match mode {
        Mode::Off => Ok(VpcBlockMode::Off),
        Mode::BlockBidirectional => Ok(VpcBlockMode::BlockBidirectional),
        Mode::BlockIngress => Ok(VpcBlockMode::BlockIngress),
        other => {
            let (action, field) = (DESCRIBE_VPC_BLOCK.action, "internetGatewayBlockMode");
            Err(unknown_value(action, field, other.as_str()))
        }
    }
}

/// The id of the VPC or subnet that an exclusion in force is about. Exclusions for egress only let
/// nothing in.
fn excluded_resource(
    exclusion: types::VpcBlockPublicAccessExclusion,
) -> Result<Option<String>, Failure> {
    use types::InternetGatewayExclusionMode as Mode;
    use types::VpcBlockPublicAccessExclusionState as State;
    let action = DESCRIBE_VPC_BLOCK_EXCLUSIONS.action;
    let mode = require(action, "mode", exclusion.internet_gateway_exclusion_mode)?;
    let state = require(action, "state", exclusion.state)?;
    match (mode, state) {
        (Mode::AllowEgress, _) => return Ok(None),
        (
            _,
            State::CreateInProgress
            | State::CreateFailed
            | State::DeleteInProgress
            | State::DeleteComplete
            | State::DisableInProgress
            | State::DisableComplete,
        ) => return Ok(None),
        (
            Mode::AllowBidirectional,
            State::CreateComplete
            | State::UpdateInProgress
            | State::UpdateComplete
            | State::UpdateFailed,
        ) => {}
        (mode, state) => {
            let value = format!("{} {}", mode.as_str(), state.as_str());
            return Err(unknown_value(action, "state", &value));
        }
    }
    let arn = require(action, "resourceArn", exclusion.resource_arn)?;
    Ok(Some(arn.rsplit('/').next().unwrap_or(&arn).to_owned()))
}

#[cfg(test)]
mod tests {
    use orgscan_core::model::Cause;

    use super::*;

    #[test]
    fn an_exclusion_of_unknown_state_may_be_of_anything() {
        use types::InternetGatewayExclusionMode as Mode;
        use types::VpcBlockPublicAccessExclusionState as State;
        let complete = types::VpcBlockPublicAccessExclusion::builder()
            .state(State::CreateComplete)
            .internet_gateway_exclusion_mode(Mode::AllowBidirectional)
            .resource_arn("arn:aws:ec2:eu-west-1:111122223333:vpc/vpc-1");
        let read = |one: types::builders::VpcBlockPublicAccessExclusionBuilder| {
            excluded_resource(one.build()).map_err(|failure| failure.cause)
        };
        assert_eq!(read(complete.clone()), Ok(Some("vpc-1".into())));
        assert_eq!(
            read(complete.clone().state(State::DeleteComplete)),
            Ok(None)
        );
        for unread in [
            complete.clone().set_state(None),
            complete.clone().state("somehow".into()),
            complete.clone().set_internet_gateway_exclusion_mode(None),
            complete.set_resource_arn(None),
        ] {
            assert_eq!(read(unread), Err(Cause::Malformed));
        }
        assert!(block_mode(&"block-some".into()).is_err());
    }
}
