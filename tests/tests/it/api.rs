//! The API as a client meets it: over a socket, in front of real servers.

mod answers;
mod limits;
mod refusals;
