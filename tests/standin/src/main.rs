//! The stand-in alone: `standin --port 9000 --candles BTCUSDT=FILE`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use jiff::Timestamp;
use standin::{Clock, Options, Service, Standin};

/// A stand-in for all upstreams, alone.
#[derive(Parser)]
struct Arguments {
    /// Where to listen; 0 for a free port.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// 4 h candles of a symbol from a CSV file. Repeatable.
    #[arg(long, value_name = "SYMBOL=FILE")]
    candles: Vec<String>,
    /// Fear & Greed from a CSV file.
    #[arg(long, value_name = "FILE")]
    sentiment: Option<PathBuf>,
    /// Stand the clock at this time and shift no file (RFC 3339).
    #[arg(long, value_name = "TIME")]
    at: Option<Timestamp>,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("standin: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), Box<dyn std::error::Error>> {
    let mut candles = Vec::new();
    for entry in &arguments.candles {
        let (symbol, file) = entry
            .split_once('=')
            .ok_or_else(|| format!("{entry}: expected SYMBOL=FILE"))?;
        candles.push((symbol.to_owned(), PathBuf::from(file)));
    }
    let standin = Standin::start(Options {
        port: arguments.port,
        candles,
        sentiment: arguments.sentiment,
        clock: arguments
            .at
            .map_or_else(Clock::system, |at| Clock::fixed(at.as_millisecond())),
        shift_files: arguments.at.is_none(),
    })
    .await?;
    for service in Service::ALL {
        println!("{}={}", service.variable(), standin.base_url(service));
    }
    tokio::signal::ctrl_c().await?;
    Ok(())
}
