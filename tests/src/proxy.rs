//! A TCP proxy that can fail on order: what stands between a test and its PostgreSQL or Redis.
//!
//! It knows no protocol. A test tells it to pass, refuse, stall or cut; connections that are open
//! follow at once.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// What happens to connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Pass,
    Refuse,
    Stall,
    /// Close everything once this many more bytes have come back from the server.
    CutAfter(u64),
}

/// A proxy on a free port of this machine, in front of one server.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    mode: watch::Sender<Mode>,
    connections: Arc<AtomicU64>,
    cuts: Arc<AtomicU64>,
    accepting: JoinHandle<()>,
}

impl Proxy {
    /// Starts a proxy that passes everything on to `target` (`host:port`).
    pub async fn start(target: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("a bound socket has an address");
        let (mode, watched) = watch::channel(Mode::Pass);
        let (connections, cuts) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
        let (counter, cut) = (connections.clone(), cuts.clone());
        let accepting = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                counter.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(serve(client, target.clone(), watched.clone(), cut.clone()));
            }
        });
        Self {
            address,
            mode,
            connections,
            cuts,
            accepting,
        }
    }

    /// Where clients connect.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many connections have been asked for so far.
    pub fn connections(&self) -> u64 {
        self.connections.load(Ordering::SeqCst)
    }

    /// How many connections have broken in the middle of an answer so far.
    pub fn cuts(&self) -> u64 {
        self.cuts.load(Ordering::SeqCst)
    }

    /// The server is there again.
    pub fn pass(&self) {
        self.mode.send_replace(Mode::Pass);
    }

    /// The server is gone: open connections end, new ones are closed at once.
    pub fn refuse(&self) {
        self.mode.send_replace(Mode::Refuse);
    }

    /// The server hangs: connections stay open and nothing moves.
    pub fn stall(&self) {
        self.mode.send_replace(Mode::Stall);
    }

    /// The connection breaks in the middle of an answer, after `bytes` more bytes of it.
    pub fn cut_after(&self, bytes: u64) {
        self.mode.send_replace(Mode::CutAfter(bytes));
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn serve(client: TcpStream, target: String, mode: watch::Receiver<Mode>, cuts: Arc<AtomicU64>) {
    if *mode.borrow() == Mode::Refuse {
        return;
    }
    let Ok(server) = TcpStream::connect(&target).await else {
        return;
    };
    // As both ends do themselves: a small piece that waits for an acknowledgement would cost 40 ms.
    if client.set_nodelay(true).is_err() || server.set_nodelay(true).is_err() {
        return;
    }
    let (client_read, client_write) = client.into_split();
    let (server_read, server_write) = server.into_split();
    let mut changes = mode.clone();
    tokio::select! {
        _ = carry(client_read, server_write, mode.clone(), Direction::ToServer) => {}
        ended = carry(server_read, client_write, mode, Direction::ToClient) => {
            cuts.fetch_add(u64::from(ended == Ended::Cut), Ordering::SeqCst);
        }
        _ = changes.wait_for(|mode| *mode == Mode::Refuse) => {}
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    ToServer,
    ToClient,
}

/// Why a connection is over.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ended {
    /// One of its ends closed it.
    Closed,
    Cut,
}

/// Copies bytes one way as the mode of the moment allows; returns when the connection is over.
async fn carry(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut mode: watch::Receiver<Mode>,
    direction: Direction,
) -> Ended {
    let mut buffer = vec![0_u8; 16 * 1024];
    let mut carried_in_cut_mode = 0_u64;
    loop {
        let Ok(count) = from.read(&mut buffer).await else {
            return Ended::Closed;
        };
        if count == 0 || mode.wait_for(|mode| *mode != Mode::Stall).await.is_err() {
            return Ended::Closed;
        }
        let mut count = count;
        let cut = match *mode.borrow() {
            Mode::CutAfter(bytes) if direction == Direction::ToClient => {
                let left = bytes.saturating_sub(carried_in_cut_mode);
                carried_in_cut_mode += count as u64;
                let last = left <= count as u64;
                count = count.min(usize::try_from(left).unwrap_or(usize::MAX));
                last
            }
            _ => false,
        };
        if to.write_all(&buffer[..count]).await.is_err() {
            return Ended::Closed;
        }
        if cut {
            return Ended::Cut;
        }
    }
}
