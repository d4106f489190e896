//! EBS volumes that are not encrypted.

use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, arn, covers, format,
    remediation, same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, Region, RuleResult, Severity};
use crate::services::ec2::{Volume, Volumes};

pub(super) const CHECK: Check = Check {
    id: "ebs-volume-unencrypted",
    title: "EBS volume is not encrypted",
    category: Category::DataEncryption,
    severity: Severity::Medium,
    why: "A snapshot of an unencrypted volume can be shared with any account, or with everybody. The \
          recipient can read all data without a key. A snapshot of an encrypted volume can never be public, \
          and its KMS key policy controls access. Encryption with the AWS managed key is free and has \
          little effect on performance.",
    fix: &[
        "Stop the applications that write to the volume. A volume cannot be encrypted in place.",
        "Run the command. It creates a snapshot of the volume.",
        "Create an encrypted volume from the snapshot in the same Availability Zone. In the console: EC2, \
         Snapshots, Actions, Create volume from snapshot, Encrypt this volume. With the CLI: `aws ec2 \
         create-volume --encrypted`.",
        "Attach the new volume in place of the old one and test it.",
        "Delete the old volume and the unencrypted snapshot.",
        "Encrypt new volumes in the Region with `aws ec2 enable-ebs-encryption-by-default`.",
    ],
    example: FailedResource::example(
        "eu-west-1",
        "arn:aws:ec2:eu-west-1:111122223333:volume/vol-0123456789abcdef0",
        "",
    ),
    by_default: true,
    remediation: |failed| {
        remediation::regional("ec2 create-snapshot", failed, ("volume-id", failed.name()))
    },
    controls: &[covers("aws-fsbp", "EC2.3")],
    prowler: Counterparts::per_resource(&[same("ec2_ebs_volume_encryption")]),
    parameters: Parameters::None,
    needs: &[Volumes::SPEC],
    rule: Rule::Region(evaluate),
};

fn evaluate(facts: &Facts<'_>, region: &Region, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let volumes = facts.get::<Volumes>()?;
    Ok(RuleResult::of_each(volumes, |volume| {
        Ok((!volume.encrypted).then(|| {
            CHECK.violation(
                arn::ec2(context, region, "volume", &volume.id),
                message(volume),
            )
        }))
    }))
}

fn message(volume: &Volume) -> String {
    let Volume { id, .. } = volume;
    let size = format::gib(volume.size);
    let attached = match (volume.attached_to.as_slice(), volume.other_attachments) {
        ([], 0) => "not attached to any instance".to_owned(),
        ([], _) => "attached to a resource that AWS does not name".to_owned(),
        (instances, _) => format!("attached to {}", format::first_few(instances)),
    };
    format!("Volume {id}{size} is not encrypted; it is {attached}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, evaluate_region, missing};
    use crate::facts::FactStore;
    use crate::model::{Items, Reading};

    fn volume(id: &str, encrypted: bool, attached_to: &[&str]) -> Volume {
        Volume {
            id: id.into(),
            encrypted,
            size: Some(100),
            attached_to: attached_to.iter().map(ToString::to_string).collect(),
            other_attachments: 0,
        }
    }

    fn evaluated(volumes: Reading<Items<Volume>>) -> Result<RuleResult, Gap> {
        evaluate_region(&CHECK, &FactStore::default().with::<Volumes>(volumes))
    }

    #[test]
    fn encrypted_volumes_pass() {
        let result = evaluated(Reading::known(vec![volume("vol-1", true, &[])].into())).unwrap();
        assert_eq!(result.resources_evaluated, 1);
        assert!(result.violations.is_empty());
        assert_eq!(
            evaluated(Reading::known(vec![].into()))
                .unwrap()
                .resources_evaluated,
            0
        );
    }

    #[test]
    fn a_violation_names_size_and_instances() {
        let result = evaluated(Reading::known(
            vec![
                volume("vol-1", true, &["i-1"]),
                volume("vol-2", false, &["i-1", "i-2"]),
                volume("vol-3", false, &[]),
            ]
            .into(),
        ))
        .unwrap();
        assert_eq!(result.resources_evaluated, 3);
        let [attached, loose] = result.violations.as_slice() else {
            panic!("{result:?}")
        };
        assert_eq!(
            attached.resource,
            "arn:aws:ec2:eu-west-1:111122223333:volume/vol-2"
        );
        assert_eq!(attached.severity, Severity::Medium);
        assert_eq!(
            attached.message,
            "Volume vol-2 of 100 GiB is not encrypted; it is attached to i-1, i-2"
        );
        assert!(
            loose.message.ends_with("not attached to any instance"),
            "{}",
            loose.message
        );
    }

    #[test]
    fn volumes_that_could_not_be_read_are_a_gap() {
        let gap = evaluated(missing("ec2:DescribeVolumes")).unwrap_err();
        assert_eq!(gap, denied("ec2:DescribeVolumes"));
    }
}
