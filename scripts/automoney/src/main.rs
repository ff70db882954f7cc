//! The operator's command line: parses, dispatches, and turns an error into a message and an exit code.

use std::process::ExitCode;

use automoney::cli::{Cli, Command};
use automoney::{
    backup, check, costs, generate, job, local, lock, migrations, mode, notice, replay, simulate, token, user,
};
use clap::Parser;
use shared::config::Environment;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return report(&error),
    };
    match runtime.block_on(run(cli)) {
        Ok(code) => code,
        Err(error) => report(error.as_ref()),
    }
}

async fn run(cli: Cli) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let environment = Environment::process();
    match cli.command {
        Command::Local(options) => local::run(&environment, options).await?,
        Command::Migrate { step } => migrations::run(&environment, step).await?,
        Command::Backup { step } => backup::run(&environment, step).await?,
        Command::Check => return Ok(check::run(&environment).await),
        Command::Lock { step } => lock::run(&environment, step).await?,
        Command::Mode(options) => mode::run(&environment, options).await?,
        Command::Notice { text } => notice::run(&environment, &text).await?,
        Command::Job { task, at } => job::run(&environment, &task, at).await?,
        Command::Replay {
            execution,
            model,
            json,
        } => replay::run(&environment, execution, model.as_deref(), json).await?,
        Command::Costs(options) => costs::run(&environment, &options).await?,
        Command::Simulate(options) => simulate::run(&environment, &options).await?,
        Command::Token { email, role, tier } => token::run(&environment, &email, role, tier).await?,
        Command::User { step, json } => user::run(&environment, step, json).await?,
        Command::Generate { root } => generate::run(&root)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Says what went wrong and why, one cause a line.
fn report(error: &dyn std::error::Error) -> ExitCode {
    eprintln!("automoney: {error}");
    let mut cause = error.source();
    while let Some(error) = cause {
        eprintln!("  because: {error}");
        cause = error.source();
    }
    ExitCode::FAILURE
}
