//! The open WebSockets of this process: what API Gateway is for the deployed functions.
//!
//! A socket has a queue with an end. Posting only puts into it and never waits, so one that does not
//! read slows nobody; when its queue is full it is dropped, and counts as gone.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, ready};
use shared::push::{Push, PushError};
use tokio::sync::{mpsc, oneshot};

/// Messages that wait for a socket to be read: more than a client may ask for at once.
const QUEUE: usize = 256;

/// The sockets by their names.
#[derive(Debug, Default)]
pub struct Hub(Mutex<HashMap<String, Socket>>);

#[derive(Debug)]
struct Socket {
    queue: mpsc::Sender<String>,
    /// Dropped with the socket, which tells whoever writes to it.
    _open: oneshot::Sender<()>,
}

/// What a socket's writer is given.
#[derive(Debug)]
pub struct Outgoing {
    /// Messages to write, in this order.
    pub messages: mpsc::Receiver<String>,
    /// Ends when the socket is to be closed.
    pub closed: oneshot::Receiver<()>,
}

impl Hub {
    /// Takes a socket in: messages are kept for it from now on.
    pub fn open(&self, name: &str) -> Outgoing {
        let (queue, messages) = mpsc::channel(QUEUE);
        let (open, closed) = oneshot::channel();
        let socket = Socket { queue, _open: open };
        self.with(|sockets| sockets.insert(name.to_owned(), socket));
        Outgoing { messages, closed }
    }

    /// Lets a socket go; whether it was there.
    pub fn end(&self, name: &str) -> bool {
        self.with(|sockets| sockets.remove(name)).is_some()
    }

    /// Puts a message into a socket's queue.
    pub fn put(&self, name: &str, message: String) -> Result<(), PushError> {
        self.with(|sockets| {
            let socket = sockets.get(name).ok_or(PushError::Gone)?;
            if socket.queue.try_send(message).is_err() {
                sockets.remove(name);
                return Err(PushError::Gone);
            }
            Ok(())
        })
    }

    fn with<T>(&self, change: impl FnOnce(&mut HashMap<String, Socket>) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Push for Hub {
    fn post<'a>(&'a self, connection: &'a str, message: &'a str) -> BoxFuture<'a, Result<(), PushError>> {
        ready(self.put(connection, message.to_owned())).boxed()
    }

    fn close<'a>(&'a self, connection: &'a str) -> BoxFuture<'a, Result<(), PushError>> {
        let found = self.end(connection);
        ready(found.then_some(()).ok_or(PushError::Gone)).boxed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_socket_that_is_not_read_is_dropped_when_its_queue_is_full() {
        let hub = Hub::default();
        let (mut slow, mut other) = (hub.open("slow"), hub.open("other"));

        for number in 0..QUEUE {
            hub.post("slow", &number.to_string()).await.unwrap();
        }
        assert!(matches!(hub.post("slow", "one more").await, Err(PushError::Gone)));
        hub.post("other", "news").await.unwrap();

        assert!(
            slow.closed
                .try_recv()
                .is_err_and(|why| why == oneshot::error::TryRecvError::Closed),
            "its writer is told"
        );
        assert_eq!(slow.messages.recv().await.unwrap(), "0");
        assert_eq!(other.messages.recv().await.unwrap(), "news");
        assert_eq!(other.closed.try_recv(), Err(oneshot::error::TryRecvError::Empty));
        assert!(matches!(hub.post("slow", "again").await, Err(PushError::Gone)));
    }
}
