//! Integration tests.

#[cfg(test)]
mod cache;
#[cfg(test)]
mod explain;
#[cfg(test)]
mod generated;
#[cfg(test)]
mod migrations;
