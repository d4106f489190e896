//! How long a program takes from its start to its first request.

use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::Outcome;

/// Starts of each program; the median counts.
const STARTS: usize = 15;

/// Prints the times of the command line and of the Lambda.
pub(crate) fn measure() -> Outcome<()> {
    let programs = [
        ("orgscan", env!("CARGO_BIN_EXE_orgscan")),
        ("lambda", env!("CARGO_BIN_EXE_orgscan-lambda")),
    ];
    for (name, program) in programs {
        let mut times = Vec::new();
        for _ in 0..STARTS {
            times.push(first_request(name, program)?);
        }
        times.sort();
        println!(
            "{name}: {:.1} ms from its start to its first request, at most {:.1} ms",
            times[STARTS / 2].as_secs_f64() * 1e3,
            times[STARTS - 1].as_secs_f64() * 1e3
        );
    }
    Ok(())
}

fn first_request(name: &str, program: &str) -> Outcome<Duration> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let mut command = Command::new(program);
    if name == "orgscan" {
        command.args(["scan", "--account", "self"]);
    }
    let started_at = Instant::now();
    let mut process = command
        .env_clear()
        .env("AWS_ENDPOINT_URL", format!("http://{address}"))
        .env("AWS_LAMBDA_RUNTIME_API", address.to_string())
        .env("AWS_LAMBDA_FUNCTION_NAME", "orgscan")
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1769")
        .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
        .env("AWS_LAMBDA_LOG_STREAM_NAME", "x")
        .env("AWS_LAMBDA_LOG_GROUP_NAME", "x")
        .env("AWS_ACCESS_KEY_ID", "key")
        .env("AWS_SECRET_ACCESS_KEY", "secret")
        .env("AWS_REGION", "us-east-1")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let (stream, _) = listener.accept()?;
    // The connection alone is no request yet.
    stream.peek(&mut [0])?;
    let time = started_at.elapsed();
    process.kill()?;
    process.wait()?;
    Ok(time)
}
