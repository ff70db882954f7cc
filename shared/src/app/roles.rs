//! Who is an administrator now: what admin routes ask, whatever a token says.

use futures_util::future::BoxFuture;

use crate::db::{Db, accounts};
use crate::domain::identity::UserId;
use crate::domain::tier::Role;
use crate::http::{BoxError, Roles};

impl Roles for Db {
    fn role_of(&self, user: UserId) -> BoxFuture<'_, Result<Option<Role>, BoxError>> {
        Box::pin(async move { accounts::find_role(self, user).await.map_err(BoxError::from) })
    }
}
