use aws_smithy_runtime_api::client::dns::{DnsFuture, ResolveDns, ResolveDnsError};

use super::*;

/// Knows the names of these hosts, and writes down what it is asked.
#[derive(Clone, Debug)]
struct Names {
    known: &'static [&'static str],
    asked: Arc<Mutex<Vec<String>>>,
}

impl ResolveDns for Names {
    fn resolve_dns<'a>(&'a self, name: &'a str) -> DnsFuture<'a> {
        self.asked.lock().unwrap().push(name.to_owned());
        DnsFuture::ready(match self.known.contains(&name) {
            true => Ok(vec![[127, 0, 0, 1].into()]),
            false => Err(ResolveDnsError::new(format!("{name} is not known"))),
        })
    }
}

const RDS: &str = "rds.af-south-1.amazonaws.com";
const EC2: &str = "ec2.af-south-1.amazonaws.com";

/// Lists RDS everywhere but in Cape Town.
fn table(service: &str, region: &Region) -> bool {
    (service, region.as_str()) != ("rds", "af-south-1")
}

/// Whether RDS is absent in Cape Town for several accounts that ask at once, and the names that were looked up.
async fn asked(table: Table, known: &'static [&'static str]) -> (bool, Vec<String>) {
    let names = Names {
        known,
        asked: Arc::default(),
    };
    let resolver = SharedDnsResolver::new(names.clone());
    let availability = Availability::new(table, "amazonaws.com", Some(resolver));
    let region = Region::new("af-south-1");
    let accounts = (0..20).map(|_| availability.is_absent("rds", &region));
    let answers = futures::future::join_all(accounts).await;
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    assert!(
        !availability
            .is_absent("rds", &Region::new("eu-west-1"))
            .await
    );
    let asked = names.asked.lock().unwrap().clone();
    (answers[0], asked)
}

#[tokio::test]
async fn table_and_name_have_to_agree_and_are_asked_once_for_all_accounts() {
    assert_eq!(
        asked(table, &[EC2]).await,
        (true, vec![RDS.into(), EC2.into()])
    );
    // The table is older than the Region's service.
    assert_eq!(asked(table, &[EC2, RDS]).await, (false, vec![RDS.into()]));
    // What the table lists is not looked up: a name that is lost for a while is no evidence.
    assert_eq!(asked(|_, _| true, &[EC2]).await, (false, vec![]));
}

#[tokio::test]
async fn a_network_without_names_proves_nothing() {
    assert_eq!(
        asked(table, &[]).await,
        (false, vec![RDS.into(), EC2.into()])
    );
}
