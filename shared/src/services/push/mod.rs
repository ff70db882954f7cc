//! Push: what happened reaches open WebSockets.
//!
//! Events are rows that are written in the transaction of what they tell of ([`tell`], and
//! `db::push::append` for trades). After the commit they are posted ([`deliver`]), what is left by a
//! schedule ([`tend`]). Clients connect with a ticket ([`tickets`]) and may ask for what they missed
//! ([`sockets`]). Nothing here can fail or undo what is told of.

mod deliver;
mod slots;
pub mod sockets;
pub mod tell;
mod tend;
pub mod tickets;

pub use deliver::{Delivered, deliver, deliver_after_commit};
pub use tend::{Tended, tend};
