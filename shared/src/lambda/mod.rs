//! The three doors of a Lambda: [`serve`] answers HTTP requests, [`socket`] what happens to WebSockets,
//! [`task`] runs a job.
//!
//! A door reads the configuration, starts the logs, opens connections in the background and hands
//! each invocation on. Knows no noun of the domain. There is no shutdown hook: it would need a
//! registered extension in every sandbox, and nothing here has to be flushed.

mod deadline;
mod function;
mod invocation;
#[cfg(feature = "http")]
mod request;
#[cfg(feature = "http")]
mod serve;
#[cfg(feature = "sockets")]
mod socket;
#[cfg(any(feature = "http", feature = "sockets", feature = "tasks"))]
mod start;
#[cfg(feature = "tasks")]
mod task;

pub use deadline::Deadline;
pub use function::{Effect, Function, Trigger};
pub use invocation::{Invocation, InvocationError};
#[cfg(feature = "http")]
pub use serve::serve;
#[cfg(feature = "sockets")]
pub use socket::{Happened, SOCKET_ROUTES, SocketAnswer, SocketEvent, socket};
#[cfg(feature = "tasks")]
pub use task::{TaskError, held_back, task};
