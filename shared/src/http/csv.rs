//! Tables as CSV: RFC 4180, UTF-8, a line of names first, offered as a file.
//!
//! A text that a spreadsheet would take for a formula gets an apostrophe before it; numbers and times
//! are ours and stay as they are. Knows no noun.

use std::borrow::Cow;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, header};
use serde::Serialize;

use super::envelope::Envelope;
use super::error::ApiError;

/// Where the next part of a table starts, when there is more than one answer holds.
const NEXT_CURSOR: HeaderName = HeaderName::from_static("x-next-cursor");

/// One field of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell<'a> {
    /// Nothing is known.
    Empty,
    /// A number, a time, an id: written as it is.
    Exact(Cow<'a, str>),
    /// Words, wherever they come from.
    Text(Cow<'a, str>),
}

impl<'a> Cell<'a> {
    /// A number, a time, an id.
    pub fn exact(value: &impl ToString) -> Self {
        Self::Exact(Cow::Owned(value.to_string()))
    }

    /// The same, or nothing.
    pub fn maybe(value: Option<impl ToString>) -> Self {
        value.map_or(Self::Empty, |value| Self::exact(&value))
    }

    /// Words.
    pub fn text(value: &'a str) -> Self {
        Self::Text(Cow::Borrowed(value))
    }
}

/// A table on its way to the client.
#[derive(Debug, Clone)]
pub struct Csv {
    filename: &'static str,
    body: String,
    next_cursor: Option<String>,
}

impl Csv {
    /// A table with these columns, to be saved as `filename`: letters, digits, `-` and `.` alone.
    pub fn new(filename: &'static str, columns: &[&str]) -> Self {
        let mut table = Self {
            filename,
            body: String::new(),
            next_cursor: None,
        };
        table.push(columns.iter().map(|name| Cell::text(name)));
        table
    }

    /// Adds a row.
    pub fn push<'a>(&mut self, cells: impl IntoIterator<Item = Cell<'a>>) {
        for (place, cell) in cells.into_iter().enumerate() {
            if place > 0 {
                self.body.push(',');
            }
            match cell {
                Cell::Empty => {}
                Cell::Text(text) if is_formula(&text) => self.write(&format!("'{text}")),
                Cell::Exact(text) | Cell::Text(text) => self.write(&text),
            }
        }
        self.body.push_str("\r\n");
    }

    /// Tells where the next part starts.
    #[must_use]
    pub fn continued_at(mut self, next_cursor: Option<String>) -> Self {
        self.next_cursor = next_cursor;
        self
    }

    fn write(&mut self, text: &str) {
        if text.contains(['"', ',', '\r', '\n']) {
            self.body.push('"');
            self.body.push_str(&text.replace('"', "\"\""));
            self.body.push('"');
        } else {
            self.body.push_str(text);
        }
    }
}

/// Spreadsheets calculate what begins like this, also behind a blank.
fn is_formula(text: &str) -> bool {
    text.starts_with(['\t', '\r', '\n']) || text.trim_start().starts_with(['=', '+', '-', '@'])
}

impl IntoResponse for Csv {
    fn into_response(self) -> Response {
        let disposition = format!("attachment; filename=\"{}\"", self.filename);
        let mut response = Response::new(Body::from(self.body));
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/csv; charset=utf-8; header=present"),
        );
        if let Ok(value) = HeaderValue::try_from(disposition) {
            headers.insert(header::CONTENT_DISPOSITION, value);
        }
        if let Some(value) = self.next_cursor.and_then(|next| HeaderValue::try_from(next).ok()) {
            headers.insert(NEXT_CURSOR, value);
        }
        response
    }
}

/// An answer in the form that was asked for.
#[derive(Debug)]
pub enum JsonOrCsv<T> {
    /// In the envelope.
    Json(Envelope<T>),
    /// As a file.
    Csv(Csv),
}

/// What a handler answers that can do both.
pub type TableResult<T> = Result<JsonOrCsv<T>, ApiError>;

impl<T: Serialize> IntoResponse for JsonOrCsv<T> {
    fn into_response(self) -> Response {
        match self {
            Self::Json(envelope) => envelope.into_response(),
            Self::Csv(csv) => csv.into_response(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_quoted_where_they_must_be() {
        let mut table = Csv::new("t.csv", &["time", "note", "amount"]);
        table.push([
            Cell::exact(&"2024-03-01T00:00:00Z"),
            Cell::text("he said \"buy\", then\r\nleft"),
            Cell::Empty,
        ]);
        assert_eq!(
            table.body,
            "time,note,amount\r\n2024-03-01T00:00:00Z,\"he said \"\"buy\"\", then\r\nleft\",\r\n"
        );
    }

    #[test]
    fn words_never_become_a_formula_and_numbers_stay_numbers() {
        let mut table = Csv::new("t.csv", &["a"]);
        for text in ["=1+1", "+1", "-1", "@x", "\t=1", " =1", "\u{a0}=1", "fine"] {
            table.push([Cell::text(text)]);
        }
        table.push([Cell::exact(&"-12.5")]);
        assert_eq!(
            table.body,
            "a\r\n'=1+1\r\n'+1\r\n'-1\r\n'@x\r\n'\t=1\r\n' =1\r\n'\u{a0}=1\r\nfine\r\n-12.5\r\n"
        );
    }

    #[test]
    fn it_is_offered_as_a_file_and_says_where_it_goes_on() {
        let response = Csv::new("trades.csv", &["a"])
            .continued_at(Some("abc".to_owned()))
            .into_response();
        assert_eq!(
            response.headers()["content-disposition"],
            "attachment; filename=\"trades.csv\""
        );
        assert_eq!(response.headers()["x-next-cursor"], "abc");
        assert!(
            response.headers()["content-type"]
                .to_str()
                .unwrap()
                .starts_with("text/csv")
        );
    }
}
