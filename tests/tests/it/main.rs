//! Integration tests.

#[cfg(test)]
mod api;
#[cfg(test)]
mod cache;
#[cfg(test)]
mod generated;
#[cfg(test)]
mod migrations;
#[cfg(test)]
mod sources;
#[cfg(test)]
mod tidy;
