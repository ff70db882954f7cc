//! `trades`: a user's trades, each with the decision behind it.
//!
//! Makes none.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use shared::app::App;
use shared::config::Section;
use shared::domain::market::Asset;
use shared::domain::paper::Side;
use shared::http::{
    ApiError, Cell, Csv, Cursor, Envelope, JsonOrCsv, Page, PageLimit, Query, RateClass, SignedIn,
    TableResult,
};
use shared::lambda::{Effect, Function, Trigger};
use shared::services::trades::{self, Place, ShownTrade, Wanted};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// What this function is.
pub const FUNCTION: Function = Function {
    name: "trades",
    trigger: Trigger::Http,
    sections: &[Section::Database, Section::Cache, Section::Http, Section::Auth],
    effect: Effect::Exempt,
};

/// Trades in one file: with their explanations they stay below what the gateway lets through.
const MOST_ROWS: u16 = 5_000;

/// The routes of this function.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list))
}

/// In which form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Format {
    #[default]
    Json,
    Csv,
}

/// Which trades.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct TradesQuery {
    /// Of this strategy alone.
    #[param(value_type = Option<String>, example = "hodl-wave")]
    strategy_id: Option<String>,
    /// BTC or ETH alone.
    #[param(value_type = Option<String>, example = "BTC")]
    asset: Option<Asset>,
    /// `buy` or `sell` alone.
    #[param(value_type = Option<String>, example = "buy")]
    side: Option<Side>,
    /// Trades a page, 1 to 100; 20 when left out. A file has 5,000 when it is left out.
    #[param(value_type = Option<u16>, minimum = 1, maximum = 100)]
    limit: Option<PageLimit<20, 100>>,
    /// The `next_cursor` of the page before; of a file it is in the header `x-next-cursor`.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
    /// `json`, or `csv` for a file.
    #[serde(default)]
    #[param(value_type = Option<String>, example = "json")]
    format: Format,
}

/// What tells one list from another: a cursor is good for one of them.
#[derive(Serialize)]
struct Filters<'a> {
    list: &'a str,
    strategy_id: Option<&'a str>,
    asset: Option<Asset>,
    side: Option<Side>,
}

impl TradesQuery {
    fn wanted(&self) -> Result<Wanted, ApiError> {
        let strategy = self.strategy_id.as_deref().map(str::parse);
        Ok(Wanted {
            strategy: strategy.transpose().map_err(|_| {
                ApiError::parameter(
                    "strategy_id",
                    "be 1 to 40 lower-case letters, digits and hyphens, such as hodl-wave",
                )
            })?,
            asset: self.asset,
            side: self.side,
        })
    }

    fn filters(&self) -> Filters<'_> {
        Filters {
            list: "trades",
            strategy_id: self.strategy_id.as_deref(),
            asset: self.asset,
            side: self.side,
        }
    }

    /// Items of the answer, and rows to ask for: one more.
    fn size(&self) -> (usize, i64) {
        match (self.limit, self.format) {
            (Some(limit), _) => (limit.items(), limit.rows()),
            (None, Format::Json) => {
                let limit = PageLimit::<20, 100>::default();
                (limit.items(), limit.rows())
            }
            (None, Format::Csv) => (MOST_ROWS.into(), i64::from(MOST_ROWS) + 1),
        }
    }
}

/// A page of trades.
#[derive(Debug, Serialize, ToSchema)]
struct Trades {
    /// Newest first.
    items: Vec<ShownTrade>,
    /// Where the next page starts; null at the end.
    next_cursor: Option<String>,
    /// The plan shows so many days, and hides what is before; null when it shows all.
    limited_to_days: Option<i64>,
}

/// Trades, newest first, each with the decision behind it. The plan free shows seven days.
#[utoipa::path(
    get,
    path = "/api/v1/trades",
    tag = "trades",
    params(TradesQuery),
    responses(
        (status = 200, content(
            (shared::http::openapi::Success<Trades> = "application/json"),
            (String = "text/csv")
        )),
        (status = 404, description = "No such strategy.")
    ),
    security(("bearer" = [])),
    extensions(("x-rate-limit" = json!(RateClass::SignedIn)))
)]
async fn list(
    State(app): State<App>,
    SignedIn(user): SignedIn,
    Query(query): Query<TradesQuery>,
) -> TableResult<Trades> {
    let filters = query.filters();
    let after = match &query.cursor {
        Some(cursor) => {
            let (executed_at, id) = cursor.open_place(&filters)?;
            Some(Place(executed_at, id))
        }
        None => None,
    };
    let (items, rows) = query.size();
    let listed = trades::list(&app, user.id, &query.wanted()?, after, rows).await?;
    let page = Page::of(listed.trades, items, &filters, ShownTrade::place, |trade| trade)?;
    Ok(match query.format {
        Format::Json => JsonOrCsv::Json(Envelope::ok(Trades {
            items: page.items,
            next_cursor: page.next_cursor,
            limited_to_days: listed.limited_to_days,
        })),
        Format::Csv => JsonOrCsv::Csv(table(&page.items).continued_at(page.next_cursor)),
    })
}

fn table(trades: &[ShownTrade]) -> Csv {
    let mut table = Csv::new(
        "trades.csv",
        &[
            "id",
            "executed_at",
            "as_of",
            "strategy_id",
            "subscription_id",
            "asset",
            "side",
            "quantity",
            "price",
            "fill",
            "value",
            "fee",
            "cost",
            "realised_pnl",
            "cash_after",
            "quantity_after",
            "cost_after",
            "decision_id",
            "execution_id",
            "signal",
            "conviction",
            "position",
            "explanation",
        ],
    );
    for trade in trades {
        let decision = trade.decision.as_ref();
        table.push([
            Cell::exact(&trade.id),
            Cell::exact(&trade.executed_at),
            Cell::exact(&trade.as_of),
            Cell::text(&trade.strategy_id),
            Cell::exact(&trade.subscription_id),
            Cell::text(&trade.asset),
            Cell::text(&trade.side),
            Cell::exact(&trade.quantity.normalize()),
            Cell::exact(&trade.price.normalize()),
            Cell::exact(&trade.fill.normalize()),
            Cell::exact(&trade.value.normalize()),
            Cell::exact(&trade.fee.normalize()),
            Cell::exact(&trade.cost.normalize()),
            Cell::maybe(trade.realised_pnl.map(|pnl| pnl.normalize())),
            Cell::exact(&trade.cash_after.normalize()),
            Cell::exact(&trade.quantity_after.normalize()),
            Cell::exact(&trade.cost_after.normalize()),
            Cell::maybe(decision.map(|decision| decision.id)),
            Cell::maybe(decision.map(|decision| decision.execution_id)),
            Cell::text(
                decision
                    .and_then(|decision| decision.signal.as_deref())
                    .unwrap_or_default(),
            ),
            Cell::maybe(
                decision
                    .and_then(|decision| decision.conviction)
                    .map(|c| c.normalize()),
            ),
            Cell::maybe(decision.map(|decision| decision.position.normalize())),
            Cell::text(decision.map_or("", |decision| &decision.explanation)),
        ]);
    }
    table
}
