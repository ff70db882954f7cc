//! The commands and their options. Parsing only; each command lives in its own module.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum, value_parser};
use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use shared::domain::backups::BackupId;
use shared::domain::costs::LONGEST_SPAN;
use shared::domain::modes::Mode;
use shared::domain::push::Notice;
use shared::domain::tier::{Role, Tier};
use shared::services::auth::Target;
use shared::services::costs::DAILY_REPORT;
use uuid::Uuid;

use crate::user;

/// AutoMoney's command line for developers and operators.
#[derive(Debug, Parser)]
#[command(name = "automoney", version, about, disable_help_subcommand = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What the command line can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the whole bundle in this process, over a sample market unless told otherwise.
    Local(LocalOptions),
    /// Bring the database's schema up or down, or look at it.
    Migrate {
        /// Which way.
        #[command(subcommand)]
        step: MigrateStep,
    },
    /// Make backups of the database, look at them, restore them.
    Backup {
        /// What to do.
        #[command(subcommand)]
        step: BackupStep,
    },
    /// Look at the database, Redis and the upstreams: what works, what does not, what to do.
    Check,
    /// Lock scheduled orders, lift that lock, or list what locks them.
    Lock {
        /// What to do.
        #[command(subcommand)]
        step: LockStep,
    },
    /// Show the mode of operation, or set it: everybody is told, and every process follows within 5 s.
    Mode(ModeOptions),
    /// Tell everybody who has been connected lately, over their WebSockets: `system:notice`.
    Notice {
        /// One line of at most 300 characters, for users to read.
        text: Notice,
    },
    /// Run one scheduled task now.
    Job {
        /// The task's name, such as collect-prices.
        task: String,
        /// The scheduled time it counts for, instead of now (RFC 3339).
        #[arg(long, value_name = "TIME")]
        at: Option<Timestamp>,
    },
    /// Print what agents, models, strategies and sources took, against the budget.
    Costs(CostsOptions),
    /// Compute a past execution again from what was known at its time, and prove it the same.
    Replay {
        /// The execution's id, as `execution_id` shows it.
        execution: Uuid,
        /// Ask this model too what it would have said: one of the ladder, or provider/model. Costs money.
        #[arg(long, value_name = "MODEL")]
        model: Option<String>,
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Run a strategy over stored history with rules alone, in a database of its own, and print what a
    /// portfolio that followed it would have become.
    Simulate(SimulateOptions),
    /// Print an access token for trials on this machine and make its user in the database here; refuses
    /// to sign with a production secret.
    Token {
        /// Whose token; the user id is derived from it, the address itself is not in the token.
        #[arg(long, value_name = "E-MAIL")]
        email: String,
        /// What the user may do: user or admin.
        #[arg(long, default_value = "user", value_parser = user::role)]
        role: Role,
        /// The user's plan: free, basic, pro or enterprise.
        #[arg(long, default_value = "free", value_parser = user::tier)]
        tier: Tier,
    },
    /// Look at users, change their plan or role, end their sessions. Changes are written down.
    User {
        /// What to do.
        #[command(subcommand)]
        step: UserStep,
        /// Print JSON and nothing else on standard output.
        #[arg(long, global = true)]
        json: bool,
    },
    /// Write the generated files: openapi.json, the route table, the tables in the documents.
    Generate {
        /// The root of the repository.
        #[arg(long, default_value = ".")]
        root: PathBuf,
    },
}

/// Options of `automoney local`, which are those of `scripts/dev`.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of its own on the command line"
)]
#[derive(Debug, Clone, Args)]
pub struct LocalOptions {
    /// Where to listen.
    #[arg(long, default_value_t = 8000)]
    pub port: u16,
    /// Read the real exchange and the real series instead of the stand-in.
    #[arg(long, conflicts_with_all = ["candles", "sentiment", "at"])]
    pub live: bool,
    /// 4 h candles of a symbol from a CSV file: open time (UTC), open, high, low, close, volume. Repeatable.
    #[arg(long, value_name = "SYMBOL=FILE")]
    pub candles: Vec<String>,
    /// Fear & Greed history from a CSV file: date, value, classification.
    #[arg(long, value_name = "FILE")]
    pub sentiment: Option<PathBuf>,
    /// Collect, analyse and decide once, print what came of it, and stop.
    #[arg(long)]
    pub once: bool,
    /// With --once: print one JSON object and nothing else on standard output.
    #[arg(long, requires = "once")]
    pub json: bool,
    /// With --once: stand the clock at this time (RFC 3339) and shift no file.
    #[arg(long, value_name = "TIME", requires = "once")]
    pub at: Option<Timestamp>,
    /// Start with an empty database.
    #[arg(long)]
    pub reset: bool,
}

/// What to do with backups.
#[derive(Debug, Subcommand)]
pub enum BackupStep {
    /// Make one now.
    Create {
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// List what is in the store, the oldest first, with what came of looking at it.
    List {
        /// Print JSON and nothing else on standard output.
        #[arg(long)]
        json: bool,
    },
    /// Read every byte of a backup and count its rows.
    Verify {
        /// Which one; the newest when left out.
        backup: Option<BackupId>,
        /// Restore it into a database of its own too, compare, and drop that.
        #[arg(long)]
        drill: bool,
    },
    /// Restore a backup, into a new database unless told otherwise.
    Restore(RestoreOptions),
    /// Delete what is past its time, and what was never finished.
    Sweep,
}

/// Options of `automoney backup restore`.
#[derive(Debug, Clone, Args)]
pub struct RestoreOptions {
    /// Which one; the newest when left out.
    pub backup: Option<BackupId>,
    /// Name of the database to restore into; a new name after the backup when left out.
    #[arg(long, value_name = "NAME")]
    pub database: Option<String>,
    /// Only the rows of this table.
    #[arg(long, conflicts_with = "user")]
    pub table: Option<String>,
    /// Only what belongs to this user.
    #[arg(long, value_name = "ID")]
    pub user: Option<Uuid>,
    /// The database may be there: it is replaced when its successor is complete; of a table the rows that
    /// are missing are put back; a user there is replaced.
    #[arg(long, requires = "database", requires = "confirm")]
    pub overwrite: bool,
    /// With --overwrite: the database's name once more.
    #[arg(long, value_name = "NAME")]
    pub confirm: Option<String>,
}

/// Options of `automoney mode`.
#[derive(Debug, Clone, Args)]
pub struct ModeOptions {
    /// normal, `read_only` (changes are refused, writing schedules stop) or maintenance (all but health is
    /// refused, every schedule stops). Left out: show what holds now.
    pub mode: Option<Mode>,
    /// What users are told, one line of at most 300 characters; a sentence of ours when left out.
    #[arg(long, value_name = "TEXT", requires = "mode")]
    pub notice: Option<String>,
    /// When it is normal again by itself (RFC 3339).
    #[arg(long, value_name = "TIME", requires = "mode", conflicts_with = "minutes")]
    pub until: Option<Timestamp>,
    /// The same in minutes from now.
    #[arg(long = "for", value_name = "MINUTES", requires = "mode", value_parser = value_parser!(u16).range(1..=43_200))]
    pub minutes: Option<u16>,
    /// Who sets it, for the record; the shell's user when left out.
    #[arg(long = "as", value_name = "NAME", requires = "mode")]
    pub name: Option<String>,
}

/// Options of `automoney costs`.
#[derive(Debug, Clone, Args)]
pub struct CostsOptions {
    /// How many days, today included.
    #[arg(long, default_value_t = DAILY_REPORT, value_parser = value_parser!(u16).range(1..=i64::from(LONGEST_SPAN)))]
    pub days: u16,
    /// Write the report as a page to this file too.
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Print one JSON object and nothing else on standard output.
    #[arg(long)]
    pub json: bool,
}

/// What operators do about users. A user is meant by id or by e-mail address.
#[derive(Debug, Subcommand)]
pub enum UserStep {
    /// List users, the newest first.
    List {
        /// How many at most.
        #[arg(long, default_value_t = 20, value_parser = value_parser!(u16).range(1..=1000))]
        limit: u16,
        /// Only those that are older than this one.
        #[arg(long, value_name = "ID")]
        before: Option<Uuid>,
    },
    /// Show a user, their sessions, and what happened to the account.
    Show {
        /// Id or e-mail address.
        user: Target,
    },
    /// Change a user's plan.
    SetTier {
        /// Id or e-mail address.
        user: Target,
        /// free, basic, pro or enterprise.
        #[arg(value_parser = user::tier)]
        tier: Tier,
        /// Who changes it, for the record; the shell's user when left out.
        #[arg(long = "as", value_name = "NAME")]
        name: Option<String>,
    },
    /// Change what a user may administer.
    SetRole {
        /// Id or e-mail address.
        user: Target,
        /// user or admin.
        #[arg(value_parser = user::role)]
        role: Role,
        /// Who changes it, for the record; the shell's user when left out.
        #[arg(long = "as", value_name = "NAME")]
        name: Option<String>,
    },
    /// End all sessions of a user, or one.
    EndSessions {
        /// Id or e-mail address.
        user: Target,
        /// Only this one.
        #[arg(long, value_name = "ID")]
        session: Option<Uuid>,
        /// Who ends them, for the record; the shell's user when left out.
        #[arg(long = "as", value_name = "NAME")]
        name: Option<String>,
    },
}

/// Options of `automoney simulate`.
#[derive(Debug, Clone, Args)]
pub struct SimulateOptions {
    /// The strategy's id, such as hodl-wave.
    #[arg(long)]
    pub strategy: String,
    /// The first day, UTC.
    #[arg(long, value_name = "DATE")]
    pub from: Date,
    /// The last day, UTC, to its end.
    #[arg(long, value_name = "DATE")]
    pub to: Date,
    /// What the portfolio begins with, USD.
    #[arg(long, value_name = "USD", default_value = "10000")]
    pub capital: Decimal,
    /// Other weights than the strategy's: macro, on-chain and technical, as in 0.4,0.4,0.2.
    #[arg(long, value_name = "M,O,T")]
    pub weights: Option<String>,
    /// A table for people, CSV with the equity at each boundary, or JSON with everything.
    #[arg(long, value_enum, default_value_t = SimulationFormat::Table)]
    pub format: SimulationFormat,
    /// Tell on standard error how far it has come.
    #[arg(long)]
    pub progress: bool,
    /// 4 h candles of a symbol from a CSV file, instead of what is stored. Repeatable.
    #[arg(long, value_name = "SYMBOL=FILE")]
    pub candles: Vec<String>,
    /// Fear & Greed history from a CSV file, instead of what is stored.
    #[arg(long, value_name = "FILE")]
    pub sentiment: Option<PathBuf>,
}

/// How a simulation is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SimulationFormat {
    /// Trades, equity by day, statistics.
    Table,
    /// Equity at each boundary.
    Csv,
    /// Everything, as one object.
    Json,
}

/// What to do with the operator's lock.
#[derive(Debug, Subcommand)]
pub enum LockStep {
    /// Lock: no scheduled order is made until the lock is lifted or ends.
    Set {
        /// Why, and who to ask: everybody sees it with the scores.
        detail: String,
        /// When it ends by itself (RFC 3339).
        #[arg(long, value_name = "TIME")]
        until: Option<Timestamp>,
        /// Who says so, for the record.
        #[arg(long, value_name = "NAME")]
        by: String,
    },
    /// Lift it.
    Lift {
        /// Who says so, for the record.
        #[arg(long, value_name = "NAME")]
        by: String,
    },
    /// List what locks scheduled orders now.
    List,
}

/// Which way to migrate.
#[derive(Debug, Subcommand)]
pub enum MigrateStep {
    /// Apply every migration that is not yet applied.
    Up,
    /// Take back the newest migrations.
    Down {
        /// How many.
        #[arg(long, default_value_t = 1, conflicts_with = "all")]
        steps: usize,
        /// All of them: an empty database.
        #[arg(long)]
        all: bool,
    },
    /// List the migrations and which of them are applied.
    Status,
    /// Write an empty pair of files for a new migration.
    New {
        /// Lower-case words joined by underscores.
        name: String,
    },
    /// Compare what is applied with the files: edited, missing or unknown ones are errors.
    Verify,
}
