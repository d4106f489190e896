//! Functions with a secret in an environment variable.

use crate::checks::format::first_few;
use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, remediation, same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, Region, RuleResult, Severity};
use crate::services::lambda::{Function, Functions, SecretVariable};

pub(super) const CHECK: Check = Check {
    id: "lambda-environment-secret",
    title: "Lambda function has a secret in its environment",
    category: Category::DataProtection,
    severity: Severity::Critical,
    why: "Everybody who can list functions, such as a read-only role, sees the environment variables of all. The \
          check recognizes access keys of AWS, private keys, and tokens of GitHub, GitLab, npm, Slack and Stripe. \
          It does not guess, and stores no value. Variables that are encrypted with a customer managed key can be \
          read only with that key, which the member role may not use, so these are unknown. The check needs one \
          request per Region, so it is not enabled by default.",
    fix: &[
        "Run the command. It shows the names of the variables.",
        "Replace the secret at its issuer, since others may know it. For AWS, give the function's role the \
         permissions instead of using a key.",
        "Store the new secret in AWS Secrets Manager, and let the function read it. Then delete the variable. In \
         the console: Lambda, the function, Configuration, Environment variables. With the CLI: `aws lambda \
         update-function-configuration`.",
    ],
    example: FailedResource::example(
        "eu-west-1",
        "arn:aws:lambda:eu-west-1:111122223333:function:orders",
        "",
    ),
    by_default: false,
    remediation: |failed| {
        let show =
            "lambda get-function-configuration --query 'keys(Environment.Variables || `{}`)'";
        remediation::regional(show, failed, ("function-name", failed.name()))
    },
    controls: &[],
    prowler: Counterparts::per_resource(&[same("awslambda_function_no_secrets_in_variables")
        .with_remark("recognizes only secrets with a known prefix")]),
    parameters: Parameters::None,
    needs: &[Functions::SPEC],
    rule: Rule::Region(evaluate),
};

fn evaluate(facts: &Facts<'_>, _: &Region, _: &Context<'_>) -> Result<RuleResult, Gap> {
    let functions = facts.get::<Functions>()?;
    Ok(RuleResult::of_each(functions, |one| {
        let secrets = one.secrets.get()?;
        Ok((!secrets.is_empty()).then(|| {
            let message = message(one, secrets);
            CHECK.violation(one.arn.clone(), message)
        }))
    }))
}

fn message(function: &Function, secrets: &[SecretVariable]) -> String {
    let secrets = secrets.iter();
    let secrets = secrets.map(|one| format!("{} in {}", one.kind.noun(), one.name));
    let secrets = secrets.collect::<Vec<_>>();
    let name = &function.name;
    format!(
        "Function {name} has secrets in its environment: {}",
        first_few(&secrets)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, evaluate_region, missing};
    use crate::facts::FactStore;
    use crate::model::{Items, Reading};
    use crate::services::SecretKind;

    const ARN: &str = "arn:aws:lambda:eu-west-1:111122223333:function:orders";

    fn function(secrets: Reading<Vec<SecretVariable>>) -> Items<Function> {
        vec![Function {
            name: "orders".to_owned(),
            arn: ARN.into(),
            secrets,
        }]
        .into()
    }

    fn evaluated(functions: Items<Function>) -> RuleResult {
        let facts = FactStore::default().with::<Functions>(Reading::known(functions));
        evaluate_region(&CHECK, &facts).unwrap()
    }

    #[test]
    fn the_finding_names_variables_and_kinds() {
        let secret = |name: &str, kind| SecretVariable {
            name: name.to_owned(),
            kind,
        };
        let result = evaluated(function(Reading::known(vec![
            secret("KEY", SecretKind::AwsAccessKey),
            secret("TLS", SecretKind::PrivateKey),
        ])));
        assert_eq!(result.violations[0].resource, ARN);
        assert_eq!(
            result.violations[0].message,
            "Function orders has secrets in its environment: an AWS access key in KEY, a private key in TLS"
        );
        let result = evaluated(function(Reading::known(vec![])));
        assert_eq!((result.resources_evaluated, result.violations), (1, vec![]));
    }

    #[test]
    fn what_could_not_be_read_is_a_gap() {
        let action = "lambda:ListFunctions";
        let result = evaluated(function(missing(action)));
        assert_eq!(
            (result.resources_evaluated, result.gaps),
            (0, vec![denied(action)])
        );
        let facts = FactStore::default().with::<Functions>(missing(action));
        assert_eq!(evaluate_region(&CHECK, &facts), Err(denied(action)));
    }
}
