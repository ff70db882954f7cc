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

#[tokio::test]
async fn the_role_of_now_counts_and_not_the_one_in_the_token() {
    let bundle = Bundle::start().await;
    let ada = admin(&bundle).await;
    let ben = bundle.person("ben", Role::User, Tier::Free).await;
    let jobs = async |person: &Person| {
        let answer = bundle.get_as(person, "/api/v1/admin/jobs").await;
        answer.status.as_u16()
    };
    assert_eq!((jobs(&ada).await, jobs(&ben).await), (200, 403));

    let swap = "UPDATE users SET role = CASE role WHEN 'admin' THEN 'user' ELSE 'admin' END";
    bundle.database().client().await.execute(swap, &[]).await.unwrap();

    assert_eq!((jobs(&ada).await, jobs(&ben).await), (403, 200));
}
