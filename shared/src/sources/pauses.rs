//! Who asks not to be called for a while.
//!
//! A port: instances share their pauses in a store that the sources do not know. Every call looks
//! here first, and every answer that asks for a pause is told here before anything else happens, so
//! that calls and runs side by side hear of it at once. Nobody waits here for a pause to end.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::{BoxFuture, FutureExt as _};
use jiff::Timestamp;

/// What is known of pauses. A store that fails is no failure of a call: it knows of none then.
pub trait Pauses: fmt::Debug + Send + Sync {
    /// Until when `base` of `service` must not be asked, if that is after `now`.
    fn until<'a>(
        &'a self,
        service: &'static str,
        base: &'a str,
        now: Timestamp,
    ) -> BoxFuture<'a, Option<Timestamp>>;

    /// Lets nobody ask `base` of `service` before `until`. A later time that is known stays; tells
    /// whether this one is the latest.
    fn ask<'a>(&'a self, service: &'static str, base: &'a str, until: Timestamp) -> BoxFuture<'a, bool>;
}

/// The pauses that this process was asked for; clones share them.
#[derive(Debug, Clone, Default)]
pub struct LocalPauses(Arc<Mutex<BTreeMap<Address, Timestamp>>>);

type Address = (&'static str, String);

impl LocalPauses {
    fn find(&self, service: &'static str, base: &str, now: Timestamp) -> Option<Timestamp> {
        let until = self.known().get(&(service, base.to_owned())).copied();
        until.filter(|until| *until > now)
    }

    fn keep_latest(&self, service: &'static str, base: &str, until: Timestamp) -> bool {
        let mut known = self.known();
        let latest = known.entry((service, base.to_owned())).or_insert(Timestamp::MIN);
        let is_latest = until > *latest;
        *latest = until.max(*latest);
        is_latest
    }

    fn known(&self) -> std::sync::MutexGuard<'_, BTreeMap<Address, Timestamp>> {
        // A panic elsewhere leaves whole entries behind.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pauses for LocalPauses {
    fn until<'a>(
        &'a self,
        service: &'static str,
        base: &'a str,
        now: Timestamp,
    ) -> BoxFuture<'a, Option<Timestamp>> {
        std::future::ready(self.find(service, base, now)).boxed()
    }

    fn ask<'a>(&'a self, service: &'static str, base: &'a str, until: Timestamp) -> BoxFuture<'a, bool> {
        std::future::ready(self.keep_latest(service, base, until)).boxed()
    }
}
