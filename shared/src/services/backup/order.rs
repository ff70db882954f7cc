//! What a person orders when something is to be restored: on the command line, or in the event of a function.

use std::time::Duration;

use serde::Deserialize;

use super::{BackupError, Content, Progress, Restored, Selection, Target, Vault, find, restore};
use crate::app::App;
use crate::domain::backups::BackupId;
use crate::domain::identity::UserId;

/// An order to restore. Without a word: the newest backup, whole, into a new database called after it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RestoreOrder {
    /// Which backup; the newest when left out.
    pub backup: Option<BackupId>,
    /// Name of the database to restore into; a new name after the backup when left out.
    pub database: Option<String>,
    /// Only the rows of this table.
    pub table: Option<String>,
    /// Only what belongs to this user.
    pub user: Option<UserId>,
    /// The database may be there: it is replaced when its successor is complete; of a table the rows that
    /// are missing are put back; a user there is replaced.
    pub overwrite: bool,
    /// With `overwrite`: the database's name once more.
    pub confirm: Option<String>,
}

/// Restores as ordered, within `patience` if any is given. `told` is called now and then with how far it is.
pub async fn carry_out(
    app: &App,
    vault: &Vault,
    order: &RestoreOrder,
    patience: Option<Duration>,
    told: &(dyn Fn(Progress) + Sync),
) -> Result<Restored, BackupError> {
    let content = order.content()?;
    let (id, manifest) = find(vault, order.backup).await?;
    let target = order.target(&manifest.database, id)?;
    restore(app, vault, (id, &manifest), &content, &target, patience, told).await
}

impl RestoreOrder {
    fn content(&self) -> Result<Content, BackupError> {
        match (&self.table, self.user) {
            (None, None) => Ok(Content::Whole),
            (Some(table), None) => Ok(Content::Some(Selection::Table(table.clone()))),
            (None, Some(user)) => Ok(Content::Some(Selection::User(user))),
            (Some(_), Some(_)) => Err(BackupError::TableAndUser),
        }
    }

    /// What is there is replaced by whoever says its name twice.
    fn target(&self, backed_up: &str, backup: BackupId) -> Result<Target, BackupError> {
        let name = self.database.clone();
        let name = name.unwrap_or_else(|| default_name(backed_up, backup));
        match (self.overwrite, &self.confirm) {
            (false, _) => Ok(Target::New(name)),
            (true, Some(confirmed)) if *confirmed == name => Ok(Target::Overwrite(name)),
            (true, _) => Err(BackupError::Unconfirmed(name)),
        }
    }
}

/// `automoney_restored_20261129t030000`: what PostgreSQL takes without quotes and does not cut off.
fn default_name(database: &str, backup: BackupId) -> String {
    let backup = backup.to_string().to_lowercase();
    let moment = backup.split('.').next().unwrap_or(&backup);
    let short: String = database.chars().take_while(char::is_ascii).take(37).collect();
    format!("{short}_restored_{moment}")
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    const BACKUP: &str = "20261129T030000.000Z";

    fn read(event: serde_json::Value) -> RestoreOrder {
        serde_json::from_value(event).unwrap()
    }

    fn target(event: serde_json::Value) -> Result<Target, BackupError> {
        read(event).target("automoney", BACKUP.parse().unwrap())
    }

    #[test]
    fn without_a_word_all_of_the_newest_comes_into_a_database_called_after_it() {
        let order = read(json!({}));
        assert_eq!((order.backup, order.content().unwrap()), (None, Content::Whole));
        assert_eq!(
            target(json!({})).unwrap(),
            Target::New("automoney_restored_20261129t030000".to_owned())
        );
        assert_eq!(read(json!({"backup": BACKUP})).backup, BACKUP.parse().ok());
    }

    #[test]
    fn what_is_there_is_replaced_when_its_name_was_said_twice() {
        let twice = json!({"database": "a", "overwrite": true, "confirm": "a"});
        assert_eq!(target(twice).unwrap(), Target::Overwrite("a".to_owned()));
        let once = json!({"database": "a", "confirm": "a"});
        assert_eq!(target(once).unwrap(), Target::New("a".to_owned()));
        for unclear in [
            json!({"database": "a", "overwrite": true}),
            json!({"database": "a", "overwrite": true, "confirm": "b"}),
            json!({"overwrite": true, "confirm": "automoney"}),
        ] {
            assert!(
                matches!(target(unclear.clone()), Err(BackupError::Unconfirmed(_))),
                "{unclear}"
            );
        }
    }

    #[test]
    fn a_table_and_a_user_are_not_restored_at_once() {
        let user = "01890a5d-ac96-774b-bcce-b302099a8057";
        let both = read(json!({"table": "trades", "user": user}));
        assert!(matches!(both.content(), Err(BackupError::TableAndUser)));
    }

    #[rstest]
    #[case(json!({"databse": "a"}))]
    #[case(json!({"backup": "latest"}))]
    #[case(json!({"user": "user-1"}))]
    #[case(json!({"overwrite": "yes"}))]
    #[case(json!(["trades"]))]
    fn what_is_not_understood_is_not_carried_out(#[case] event: serde_json::Value) {
        assert!(serde_json::from_value::<RestoreOrder>(event).is_err());
    }
}
