//! What administrators see and do, and that nobody else does.

mod jobs;
mod locks;
mod report;

use shared::domain::tier::{Role, Tier};
use tests::bundle::Bundle;
use tests::people::Person;

async fn admin(bundle: &Bundle) -> Person {
    bundle.person("ada", Role::Admin, Tier::Free).await
}
