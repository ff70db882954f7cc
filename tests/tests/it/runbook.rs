//! Every command and every statement of docs/RUNBOOK.md works as it is written there.
//!
//! They are taken out of the page, in its order, and run against a platform with a user, an execution and
//! a backup. Words in capitals stand for what whoever reads the page fills in. What is only the cloud's
//! (`aws`, `curl` to an address, `redis-cli`) is left out.

use std::path::Path;
use std::process::Command;

use shared::config::Environment;
use shared::domain::tier::{Role, Tier};
use shared::ids::Ids;
use standin::Service;
use tempfile::TempDir;
use tests::backups::{KEY, stock};
use tests::bundle::Bundle;
use tests::people::Person;
use tests::program;
use tokio_postgres::Config;

use crate::tidy::{root, text};

/// Programs whose commands are run.
const PROGRAMS: [&str; 4] = ["cargo automoney ", "psql ", "createdb ", "gunzip "];

/// What the page has besides prose.
#[derive(Debug, Default)]
struct Page {
    commands: Vec<String>,
    statements: Vec<String>,
}

fn page() -> Page {
    let whole = text(&root().join("docs/RUNBOOK.md"));
    let (mut page, mut prose) = (Page::default(), String::new());
    let mut fence: Option<(bool, String)> = None;
    for line in whole.lines() {
        let mark = line.trim_start().strip_prefix("```");
        match (&mut fence, mark) {
            (None, Some(language)) => {
                page.take_spans(&std::mem::take(&mut prose));
                fence = Some((language == "sql", String::new()));
            }
            (Some((is_sql, block)), Some(_)) => {
                if *is_sql {
                    page.statements.push(std::mem::take(block));
                } else {
                    page.take_lines(block);
                }
                fence = None;
            }
            (Some((_, block)), None) => {
                block.push_str(line);
                block.push('\n');
            }
            (None, None) => {
                prose.push_str(line);
                prose.push(' ');
            }
        }
    }
    page.take_spans(&prose);
    page
}

impl Page {
    /// Commands between backticks; one may go over the end of a line.
    fn take_spans(&mut self, prose: &str) {
        for span in prose.split('`').skip(1).step_by(2) {
            self.take(span);
        }
    }

    fn take_lines(&mut self, block: &str) {
        for line in block.replace("\\\n", " ").lines() {
            self.take(line);
        }
    }

    fn take(&mut self, command: &str) {
        let command = command.split("  #").next().unwrap_or(command).trim();
        if PROGRAMS.iter().any(|program| command.starts_with(program)) {
            self.commands.push(command.to_owned());
        }
    }
}

/// A platform, and where an operator stands.
struct Operator {
    bundle: Bundle,
    ann: Person,
    execution: String,
    backups: TempDir,
    backup: String,
    namespace: String,
}

impl Operator {
    async fn on_duty() -> Self {
        let bundle = Bundle::with().models("15").start().await;
        let ann = bundle.person("ann", Role::User, Tier::Pro).await;
        bundle.decide().await;
        let newest = bundle.get("/api/v1/agents/scores").await.json();
        let mut operator = Self {
            execution: newest["data"]["execution_id"].as_str().expect("an id").to_owned(),
            bundle,
            ann,
            backups: TempDir::new().expect("a folder"),
            backup: String::new(),
            namespace: format!("test-{}", Ids::random().next()),
        };
        let made = operator.run("automoney backup create --json").expect("a backup");
        let made: serde_json::Value = serde_json::from_str(&made).expect("JSON");
        operator.backup = made["backup"].as_str().expect("a name").to_owned();
        operator
    }

    /// What the page's words in capitals, and its names of databases, stand for here.
    fn filled_in(&self, written: &str) -> String {
        let own = self.bundle.database().name();
        let id = self.ann.id().to_string();
        let words = [
            ("automoney_", format!("{}_", &own[..40])),
            ("--database automoney ", format!("--database {own} ")),
            ("--confirm automoney`", format!("--confirm {own}")),
            ("ann@example.com", self.ann.email()),
            ("BACKUP", self.backup.clone()),
            ("EXECUTION", self.execution.clone()),
            ("MODEL", "anthropic/claude-sonnet-5-5".to_owned()),
            ("--session ID", format!("--session {}", self.ann.user.session)),
            (" ID", format!(" {id}")),
            ("'ID'", format!("'{id}'")),
            ("NAME", "tester".to_owned()),
            ("TASK", "cost-report".to_owned()),
            ("--at TIME", "--at 2026-11-28T00:10:00Z".to_owned()),
        ];
        let mut filled = format!("{written}`");
        for (word, with) in words {
            filled = filled.replace(word, &with);
        }
        filled.trim_end_matches('`').to_owned()
    }

    /// Runs a command as a shell would, in the folder of the backup; gives what it printed.
    fn run(&self, command: &str) -> Result<String, String> {
        let address: Config = self.bundle.database().url().parse().expect("an address");
        let mut shell = Command::new("bash");
        let folder = self.backups.path().join("backups").join(&self.backup);
        if folder.exists() {
            shell.current_dir(folder);
        }
        shell
            .args([
                "-o",
                "pipefail",
                "-c",
                &format!("automoney() {{ \"$AUTOMONEY\" \"$@\"; }}; {command}"),
            ])
            .env("AUTOMONEY", program("automoney"))
            .env("DATABASE_URL", self.bundle.database().url())
            .env("PGHOST", "127.0.0.1")
            .env(
                "PGPORT",
                address
                    .get_ports()
                    .first()
                    .map_or_else(String::new, u16::to_string),
            )
            .env("PGUSER", address.get_user().unwrap_or_default())
            .env(
                "PGPASSWORD",
                String::from_utf8_lossy(address.get_password().unwrap_or_default()).into_owned(),
            )
            .env(
                "REDIS_URL",
                Environment::process().get("REDIS_URL").expect("REDIS_URL"),
            )
            .env("CACHE_NAMESPACE", &self.namespace)
            .env("BACKUP_STORE", self.backups.path())
            .env("BACKUP_SIGNING_KEY", KEY)
            .env("HISTORY_SINCE", "2024-01-01")
            .env("FRED_API_KEY", "0".repeat(32))
            .env("GLASSNODE_API_KEY", "stand-in")
            .env("CLAUDE_API_KEY", "stand-in")
            .env("OPENAI_API_KEY", "stand-in");
        for service in Service::ALL {
            shell.env(service.variable(), self.bundle.upstream().base_url(service));
        }
        if let Some(folder) = Path::new(stock("psql").get_program()).parent() {
            let path = Environment::process().get("PATH").unwrap_or_default().to_owned();
            shell.env("PATH", format!("{}:{path}", folder.display()));
        }
        let output = shell.output().expect("bash");
        let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        if output.status.success() {
            Ok(said(&output.stdout))
        } else {
            Err(said(&output.stdout) + &said(&output.stderr))
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_command_and_every_statement_works_as_it_is_written() {
    let page = page();
    assert!(page.commands.len() > 40, "{:?}", page.commands);
    assert!(page.statements.len() > 12);
    let operator = Operator::on_duty().await;
    let mut wrong = Vec::new();
    for written in &page.commands {
        let command = operator.filled_in(written.trim_start_matches("cargo "));
        if let Err(said) = operator.run(&command) {
            wrong.push(format!("{written}\n  as {command}\n  said {said}"));
        }
        if command.contains("migrate down") {
            operator
                .run("automoney migrate up")
                .expect("the schema as it was");
        }
    }
    for written in &page.statements {
        let statement = operator.filled_in(written).replace("tester", "NAME");
        let mut psql = stock("psql");
        psql.args(["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--dbname"]);
        let output = psql
            .arg(operator.bundle.database().url())
            .args(["--command", &statement])
            .output()
            .expect("psql");
        if !output.status.success() {
            wrong.push(format!(
                "{statement}\n  said {}",
                String::from_utf8_lossy(&output.stderr)
            ));
        }
    }
    drop_restored(&operator).await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The databases that the page's commands have made.
async fn drop_restored(operator: &Operator) {
    let client = operator.bundle.database().client().await;
    let own = operator.bundle.database().name();
    let beside =
        "SELECT datname::text FROM pg_database WHERE starts_with(datname, $1 || '_') AND datname <> $2";
    let rows = client
        .query(beside, &[&&own[..40], &own])
        .await
        .expect("databases");
    for row in rows {
        let drop = format!("DROP DATABASE {} WITH (FORCE)", row.get::<_, String>(0));
        client.batch_execute(&drop).await.expect("it goes");
    }
}
