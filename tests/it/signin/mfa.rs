//! A profile whose role needs the code of an MFA device.

#[cfg(feature = "judges")]
mod judged;

use super::errors::KEYS;
use super::fake::{FakeEndpoint, assert_refused};

const SERIAL: &str = "arn:aws:iam::111122223333:mfa/phone";

fn fake() -> FakeEndpoint {
    let fake = FakeEndpoint::start();
    let config = format!(
        "[profile guarded]\nrole_arn = arn:aws:iam::111122223333:role/Guarded\nsource_profile = base\n\
         mfa_serial = {SERIAL}\nduration_seconds = 7200\n\
         [profile behind]\nrole_arn = arn:aws:iam::111122223333:role/Behind\nsource_profile = guarded\n\
         [profile itself]\nrole_arn = arn:aws:iam::111122223333:role/Guarded\nsource_profile = itself\n\
         mfa_serial = {SERIAL}\naws_access_key_id = ITSELF\naws_secret_access_key = secret\n"
    );
    fake.write(".aws/config", &config);
    let keys = "[base]\naws_access_key_id = BASE\naws_secret_access_key = secret\n";
    fake.write(".aws/credentials", keys);
    fake
}

#[test]
fn without_a_terminal_the_device_is_named_with_another_way() {
    let fake = fake();
    for (profile, guarded) in [
        ("guarded", "guarded"),
        ("behind", "guarded"),
        ("itself", "itself"),
    ] {
        let run = fake.plan(&[("AWS_PROFILE", profile)]);
        let export = format!("aws configure export-credentials --profile {guarded} --format env");
        let named = format!("the profile `{guarded}` assumes the role");
        assert_refused(&run, &[&named, SERIAL, "no terminal", &export]);
        assert!(
            fake.seen().is_empty(),
            "nothing is asked of AWS without the code"
        );
    }
    // Credentials of the environment go before the profile, as for the AWS CLI.
    let run = fake.plan(&[&KEYS[..], &[("AWS_PROFILE", "guarded")]].concat());
    fake.assert_signed_in(&run, "KEYS");
}
