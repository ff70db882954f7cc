//! TLS to the database, for addresses that ask for it (`sslmode=require`).
//!
//! The server's certificate is always verified: against the machine's roots and those given in
//! `DATABASE_CA_PEM`, where a managed database has a root of its own.

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::DbError;

/// Makes TLS connections when the server's address asks for them.
pub(super) type MakeTls = MakeRustlsConnect;

/// A connector that trusts the machine's roots and `extra_pem`.
pub(super) fn connector(extra_pem: Option<&str>) -> Result<MakeTls, DbError> {
    let unusable = |error: Box<dyn std::error::Error + Send + Sync>| DbError::Unavailable(error);
    let mut roots = RootCertStore::empty();
    // Single broken certificates on a machine are its own affair; the rest is still good.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    for certificate in CertificateDer::pem_slice_iter(extra_pem.unwrap_or_default().as_bytes()) {
        let certificate = certificate.map_err(|error| unusable(Box::new(error)))?;
        roots
            .add(certificate)
            .map_err(|error| unusable(Box::new(error)))?;
    }
    let provider = std::sync::Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| unusable(Box::new(error)))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}
