//! The report as a page: one file, nothing loaded from elsewhere.

use askama::Template;
use shared::services::costs::CostReport;

use super::table::{self, Section};

#[derive(Template)]
#[template(path = "costs.html")]
struct Page<'a> {
    report: &'a CostReport,
    summary: Vec<String>,
    sections: Vec<Section>,
}

/// Draws it. What is stored is text to it: names are escaped.
pub(super) fn html(report: &CostReport) -> Result<String, askama::Error> {
    Page {
        report,
        summary: table::summary(report),
        sections: table::sections(report),
    }
    .render()
}
