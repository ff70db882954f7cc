//! The layer that turns tracing's events into lines.

use std::io::Write as _;

use serde_json::Value;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::{LookupSpan, Scope};

use super::fields::Fields;
use super::{emf, line};
use crate::clock::Clock;

/// How a line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// One JSON object, for CloudWatch and the like.
    #[default]
    Json,
    /// Plain text, for a person at a terminal.
    Text,
}

/// Writes each event, with the fields of the spans around it, as one line.
#[derive(Debug)]
pub struct Lines<W> {
    format: Format,
    writer: W,
    clock: Clock,
}

impl<W> Lines<W> {
    /// Lines of this format to `writer`. They bear the system's time even when the process's clock
    /// was set by hand: a log tells when something was done, not when it pretends to be.
    pub const fn new(format: Format, writer: W) -> Self {
        Self {
            format,
            writer,
            clock: Clock::system(),
        }
    }
}

impl<W> Lines<W>
where
    W: for<'writer> MakeWriter<'writer>,
{
    fn write(&self, event: &Event<'_>, line: &str) {
        // One write a line keeps lines of different threads apart. A log that cannot be written
        // has nowhere to be reported.
        let _ = self
            .writer
            .make_writer_for(event.metadata())
            .write_all(line.as_bytes());
    }
}

impl<S, W> Layer<S> for Lines<W>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
    W: for<'writer> MakeWriter<'writer> + 'static,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        if let Some(span) = context.span(id) {
            let mut fields = Fields::default();
            attributes.record(&mut fields);
            span.extensions_mut().insert(fields);
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(fields) = span.extensions_mut().get_mut::<Fields>()
        {
            values.record(fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut fields = Fields::default();
        for span in context.event_scope(event).into_iter().flat_map(Scope::from_root) {
            if let Some(of_span) = span.extensions().get::<Fields>() {
                fields.extend(of_span);
            }
        }
        event.record(&mut fields);
        let message = fields.take("message");
        let message = message.as_ref().and_then(Value::as_str).unwrap_or_default();
        if event.metadata().target() == emf::TARGET {
            // At a terminal nobody collects metrics.
            if self.format == Format::Json {
                self.write(event, &emf::line(self.clock.now(), message));
            }
            return;
        }
        let line = line::Event {
            at: self.clock.now(),
            level: *event.metadata().level(),
            target: event.metadata().target(),
            message,
            fields: &fields,
        };
        let line = match self.format {
            Format::Json => line::json(&line),
            Format::Text => line::text(&line),
        };
        self.write(event, &line);
    }
}
