//! One year's financial statement.

use serde::{Deserialize, Serialize};

use crate::data::{Field, Kind, Value, nearest};
use crate::error::{Error, ErrorCode, Problem, Result};

/// One year's financial statement. All amounts are in one currency and one unit (for example thousands of euros);
/// `None` and NaN are missing, and nothing is guessed for them.
///
/// ```
/// use scoreline::features::corporate::Statement;
/// let year = Statement { current_assets: Some(500.0), current_liabilities: Some(300.0), ..Statement::default() };
/// assert_eq!(year.equity, None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Statement {
    /// Cash and what turns into cash within a year. Amount.
    pub current_assets: Option<f64>,
    /// Cash and cash equivalents, with marketable securities. Amount.
    pub cash: Option<f64>,
    /// Inventory. Amount.
    pub inventory: Option<f64>,
    /// Trade receivables. Amount.
    pub receivables: Option<f64>,
    /// Property, plant, equipment and other fixed assets, net of depreciation. Amount.
    pub fixed_assets: Option<f64>,
    /// Total assets. Amount.
    pub total_assets: Option<f64>,
    /// Liabilities due within a year. Amount.
    pub current_liabilities: Option<f64>,
    /// Trade payables. Amount.
    pub payables: Option<f64>,
    /// Interest-bearing debt due within a year, with the current part of long-term debt. Amount.
    pub short_term_debt: Option<f64>,
    /// Interest-bearing debt due later. Amount.
    pub long_term_debt: Option<f64>,
    /// Total liabilities: total assets less equity. Amount.
    pub total_liabilities: Option<f64>,
    /// Book value of equity; negative when liabilities exceed assets. Amount.
    pub equity: Option<f64>,
    /// Retained earnings; negative when losses have accumulated. Amount.
    pub retained_earnings: Option<f64>,
    /// Market value of equity: shares times price. Amount.
    pub market_equity: Option<f64>,
    /// Net sales of the year. Amount.
    pub sales: Option<f64>,
    /// Cost of goods sold in the year. Amount.
    pub cogs: Option<f64>,
    /// Earnings before interest and taxes. Amount.
    pub ebit: Option<f64>,
    /// Depreciation and amortisation of the year. Amount.
    pub depreciation: Option<f64>,
    /// Interest expense of the year, positive. Amount.
    pub interest: Option<f64>,
    /// Net income; negative for a loss. Amount.
    pub net_income: Option<f64>,
    /// Cash flow from operating activities. Amount.
    pub operating_cash_flow: Option<f64>,
    /// Funds provided by operations: operating cash flow before changes of working capital. Amount.
    pub funds_from_operations: Option<f64>,
    /// GNP price index that goes with the year, 1968 = 100; the O-score deflates total assets by it.
    pub price_index: Option<f64>,
}

/// One item of a [`Statement`]: what fields of a schema are called unless they are mapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Item {
    /// Name, for example `sales`.
    pub name: &'static str,
    /// Name of the same item a year before, for example `prior_sales`.
    pub prior: &'static str,
    /// What it is.
    pub description: &'static str,
}

macro_rules! item {
    ($name:literal, $description:literal) => {
        Item { name: $name, prior: concat!("prior_", $name), description: $description }
    };
}

/// Every item, in the order of the struct.
pub static ITEMS: [Item; 23] = [
    item!("current_assets", "current assets"),
    item!("cash", "cash, cash equivalents and marketable securities"),
    item!("inventory", "inventory"),
    item!("receivables", "trade receivables"),
    item!("fixed_assets", "fixed assets, net of depreciation"),
    item!("total_assets", "total assets"),
    item!("current_liabilities", "current liabilities"),
    item!("payables", "trade payables"),
    item!("short_term_debt", "interest-bearing debt due within a year"),
    item!("long_term_debt", "interest-bearing debt due later"),
    item!("total_liabilities", "total liabilities"),
    item!("equity", "book value of equity"),
    item!("retained_earnings", "retained earnings"),
    item!("market_equity", "market value of equity"),
    item!("sales", "net sales"),
    item!("cogs", "cost of goods sold"),
    item!("ebit", "earnings before interest and taxes"),
    item!("depreciation", "depreciation and amortisation"),
    item!("interest", "interest expense"),
    item!("net_income", "net income"),
    item!("operating_cash_flow", "cash flow from operating activities"),
    item!("funds_from_operations", "funds from operations, before changes of working capital"),
    item!("price_index", "GNP price index, 1968 = 100"),
];

/// Cells by slot: the items of the year, then those of the year before.
pub(super) type Cells = [Option<f64>; 2 * ITEMS.len()];

impl Statement {
    /// A statement from named values; items that are not named are missing.
    ///
    /// # Errors
    /// [`InvalidData`](ErrorCode::InvalidData) naming every item that does not exist, is no number or is infinite.
    ///
    /// ```
    /// use scoreline::{Value, features::corporate::Statement};
    /// let year = Statement::from_values([("sales", Value::Number(1_500.0)), ("equity", Value::Missing)])?;
    /// assert_eq!((year.sales, year.equity), (Some(1_500.0), None));
    /// assert!(Statement::from_values([("turnover", Value::Number(1_500.0))]).is_err());
    /// # Ok::<(), scoreline::Error>(())
    /// ```
    pub fn from_values<'v>(values: impl IntoIterator<Item = (&'v str, Value<'v>)>) -> Result<Self> {
        let mut problems = Vec::new();
        let mut numbers = serde_json::Map::new();
        for (name, value) in values {
            if !ITEMS.iter().any(|item| item.name == name) {
                let names: Vec<&str> = ITEMS.iter().map(|item| item.name).collect();
                problems.push(Problem::new("a statement has no such item", nearest(name, &names)).field(name));
                continue;
            }
            match Field::new(name, Kind::Number).check(value) {
                Ok(Value::Number(x)) => _ = numbers.insert(name.to_owned(), x.into()),
                Ok(_) => {}
                Err(error) => problems.extend_from_slice(error.problems()),
            }
        }
        if !problems.is_empty() {
            return Err(Error::new(ErrorCode::InvalidData, problems));
        }
        serde_json::from_value(numbers.into()).map_err(|_| Error::internal("the items of a statement do not fit its form"))
    }

    /// The fields of a schema that hold a statement, with those of the year before when `prior`. Amounts have no unit
    /// here: set the one that the data are in.
    #[must_use]
    pub fn fields(prior: bool) -> Vec<Field> {
        let field = |name: &str, description: String| {
            let mut field = Field::new(name, Kind::Number);
            field.description = Some(description);
            field
        };
        let before = ITEMS.iter().filter(|_| prior);
        let year = ITEMS.iter().map(|item| field(item.name, item.description.to_owned()));
        year.chain(before.map(|item| field(item.prior, format!("{} of the year before", item.description)))).collect()
    }

    /// The values in the order of [`ITEMS`].
    fn values(&self) -> [Option<f64>; ITEMS.len()] {
        [
            self.current_assets,
            self.cash,
            self.inventory,
            self.receivables,
            self.fixed_assets,
            self.total_assets,
            self.current_liabilities,
            self.payables,
            self.short_term_debt,
            self.long_term_debt,
            self.total_liabilities,
            self.equity,
            self.retained_earnings,
            self.market_equity,
            self.sales,
            self.cogs,
            self.ebit,
            self.depreciation,
            self.interest,
            self.net_income,
            self.operating_cash_flow,
            self.funds_from_operations,
            self.price_index,
        ]
    }
}

/// The cells of a year and the year before, checked as a pipeline checks its fields: NaN is missing, infinite is refused.
pub(super) fn cells(year: &Statement, prior: Option<&Statement>) -> Result<Cells> {
    let mut problems = Vec::new();
    let mut cells: Cells = [None; 2 * ITEMS.len()];
    let before = prior.map_or([None; ITEMS.len()], Statement::values);
    let names = ITEMS.iter().map(|item| item.name).chain(ITEMS.iter().map(|item| item.prior));
    for ((cell, found), name) in cells.iter_mut().zip(year.values().into_iter().chain(before)).zip(names) {
        match Field::new(name, Kind::Number).check(found.map_or(Value::Missing, Value::Number)) {
            Ok(Value::Number(x)) => *cell = Some(x),
            Ok(_) => {}
            Err(error) => problems.extend_from_slice(error.problems()),
        }
    }
    if problems.is_empty() { Ok(cells) } else { Err(Error::new(ErrorCode::InvalidData, problems)) }
}
