//! `orgscan checks`

use std::io::Write;

use orgscan_app::config::ConfigLayer;

use super::{CommandError, configure_traced};
use crate::args::{ChecksArgs, GlobalArgs};
use crate::exit::CLEAN;
use crate::{catalog, controls};

/// Lists checks, or the controls of a framework. Like every command it refuses an invalid configuration, so that
/// its errors are found early.
pub(crate) async fn checks(
    global: &GlobalArgs,
    args: &ChecksArgs,
    out: &mut impl Write,
) -> Result<u8, CommandError> {
    configure_traced(global, ConfigLayer::default()).await?;
    match &args.framework {
        Some(id) => controls::write(controls::framework("--framework", id)?, args.format, out)?,
        None => {
            let checks = catalog::of_category(args.category.as_deref())?;
            catalog::checks(&checks, args.format, out)?;
        }
    }
    Ok(CLEAN)
}
