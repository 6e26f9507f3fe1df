//! The catalogue of ratios: plain data in the expression language.

use serde::{Deserialize, Serialize};

use super::formula::guarded;
use Family::{Coverage, Efficiency, Growth, Leverage, Liquidity, Profitability};

/// What a ratio tells about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// Whether what falls due within a year can be paid.
    Liquidity,
    /// How much of the company is debt.
    Leverage,
    /// How often earnings and cash cover what debt costs.
    Coverage,
    /// What is earned on sales, assets and equity.
    Profitability,
    /// How fast assets turn.
    Efficiency,
    /// Change over the year before.
    Growth,
}

/// One ratio, as plain data. Balances are those at the end of the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Ratio {
    /// Name, also of the feature.
    pub name: &'static str,
    /// What it tells about.
    pub family: Family,
    /// `times`, `share` (1 is 100 %), `days`, or `amount` in the unit of the statement.
    pub unit: &'static str,
    /// What it is, in words.
    pub definition: &'static str,
    /// The value where all denominators are above zero, in the expression language over the items of a statement.
    pub value: &'static str,
    /// What must be above zero.
    pub denominators: &'static [&'static str],
}

impl Ratio {
    /// The whole expression: missing unless the denominators are above zero.
    ///
    /// ```
    /// use scoreline::features::corporate::RATIOS;
    /// let expected = "CASE WHEN current_liabilities > 0 THEN current_assets / current_liabilities END";
    /// assert_eq!(RATIOS[0].expression(), expected);
    /// ```
    #[must_use]
    pub fn expression(&self) -> String {
        guarded(self.value, self.denominators)
    }
}

const fn ratio(
    family: Family,
    unit: &'static str,
    name: &'static str,
    definition: &'static str,
    value: &'static str,
    denominators: &'static [&'static str],
) -> Ratio {
    Ratio { name, family, unit, definition, value, denominators }
}

/// Every ratio, family by family.
pub static RATIOS: [Ratio; 42] = [
    ratio(
        Liquidity,
        "times",
        "current_ratio",
        "current assets / current liabilities",
        "current_assets / current_liabilities",
        &["current_liabilities"],
    ),
    ratio(
        Liquidity,
        "times",
        "quick_ratio",
        "(current assets - inventory) / current liabilities",
        "(current_assets - inventory) / current_liabilities",
        &["current_liabilities"],
    ),
    ratio(Liquidity, "times", "cash_ratio", "cash / current liabilities", "cash / current_liabilities", &["current_liabilities"]),
    ratio(
        Liquidity,
        "times",
        "operating_cash_flow_ratio",
        "operating cash flow / current liabilities",
        "operating_cash_flow / current_liabilities",
        &["current_liabilities"],
    ),
    ratio(
        Liquidity,
        "share",
        "working_capital_to_assets",
        "(current assets - current liabilities) / total assets",
        "(current_assets - current_liabilities) / total_assets",
        &["total_assets"],
    ),
    ratio(
        Leverage,
        "share",
        "debt_to_assets",
        "total liabilities / total assets",
        "total_liabilities / total_assets",
        &["total_assets"],
    ),
    ratio(Leverage, "times", "debt_to_equity", "total liabilities / equity", "total_liabilities / equity", &["equity"]),
    ratio(Leverage, "times", "equity_multiplier", "total assets / equity", "total_assets / equity", &["equity"]),
    ratio(
        Leverage,
        "share",
        "equity_ratio",
        "equity / total assets; negative with equity",
        "equity / total_assets",
        &["total_assets"],
    ),
    ratio(
        Leverage,
        "share",
        "long_term_debt_to_capital",
        "long-term debt / (long-term debt + equity); above 1 when equity is negative",
        "long_term_debt / (long_term_debt + equity)",
        &["long_term_debt + equity"],
    ),
    ratio(
        Leverage,
        "times",
        "net_debt_to_ebitda",
        "(interest-bearing debt - cash) / (EBIT + depreciation); negative when cash exceeds debt",
        "(short_term_debt + long_term_debt - cash) / (ebit + depreciation)",
        &["ebit + depreciation"],
    ),
    ratio(
        Leverage,
        "share",
        "retained_earnings_to_assets",
        "retained earnings / total assets",
        "retained_earnings / total_assets",
        &["total_assets"],
    ),
    ratio(Coverage, "times", "interest_coverage", "EBIT / interest", "ebit / interest", &["interest"]),
    ratio(
        Coverage,
        "times",
        "ebitda_coverage",
        "(EBIT + depreciation) / interest",
        "(ebit + depreciation) / interest",
        &["interest"],
    ),
    ratio(
        Coverage,
        "times",
        "debt_service_coverage",
        "(EBIT + depreciation) / (interest + debt due within a year)",
        "(ebit + depreciation) / (interest + short_term_debt)",
        &["interest + short_term_debt"],
    ),
    ratio(
        Coverage,
        "times",
        "cash_flow_to_liabilities",
        "operating cash flow / total liabilities",
        "operating_cash_flow / total_liabilities",
        &["total_liabilities"],
    ),
    ratio(
        Coverage,
        "times",
        "funds_to_debt",
        "funds from operations / interest-bearing debt",
        "funds_from_operations / (short_term_debt + long_term_debt)",
        &["short_term_debt + long_term_debt"],
    ),
    ratio(
        Coverage,
        "times",
        "fixed_asset_coverage",
        "(equity + long-term debt) / fixed assets: long-term funds for long-term assets",
        "(equity + long_term_debt) / fixed_assets",
        &["fixed_assets"],
    ),
    ratio(Profitability, "amount", "ebitda", "EBIT + depreciation", "ebit + depreciation", &[]),
    ratio(Profitability, "share", "gross_margin", "(sales - cost of goods sold) / sales", "(sales - cogs) / sales", &["sales"]),
    ratio(Profitability, "share", "operating_margin", "EBIT / sales", "ebit / sales", &["sales"]),
    ratio(Profitability, "share", "ebitda_margin", "(EBIT + depreciation) / sales", "(ebit + depreciation) / sales", &["sales"]),
    ratio(Profitability, "share", "net_margin", "net income / sales", "net_income / sales", &["sales"]),
    ratio(
        Profitability,
        "share",
        "return_on_assets",
        "net income / total assets",
        "net_income / total_assets",
        &["total_assets"],
    ),
    ratio(Profitability, "share", "return_on_equity", "net income / equity", "net_income / equity", &["equity"]),
    ratio(
        Profitability,
        "share",
        "return_on_capital_employed",
        "EBIT / (total assets - current liabilities)",
        "ebit / (total_assets - current_liabilities)",
        &["total_assets - current_liabilities"],
    ),
    ratio(Efficiency, "times", "asset_turnover", "sales / total assets", "sales / total_assets", &["total_assets"]),
    ratio(Efficiency, "times", "fixed_asset_turnover", "sales / fixed assets", "sales / fixed_assets", &["fixed_assets"]),
    ratio(
        Efficiency,
        "times",
        "working_capital_turnover",
        "sales / (current assets - current liabilities)",
        "sales / (current_assets - current_liabilities)",
        &["current_assets - current_liabilities"],
    ),
    ratio(Efficiency, "times", "inventory_turnover", "cost of goods sold / inventory", "cogs / inventory", &["inventory"]),
    ratio(Efficiency, "days", "days_sales_outstanding", "365 receivables / sales", "365 * receivables / sales", &["sales"]),
    ratio(Efficiency, "days", "days_inventory", "365 inventory / cost of goods sold", "365 * inventory / cogs", &["cogs"]),
    ratio(Efficiency, "days", "days_payable", "365 payables / cost of goods sold", "365 * payables / cogs", &["cogs"]),
    ratio(
        Efficiency,
        "days",
        "cash_conversion_cycle",
        "days sales outstanding + days inventory - days payable",
        "365 * receivables / sales + 365 * inventory / cogs - 365 * payables / cogs",
        &["sales", "cogs"],
    ),
    ratio(Growth, "share", "sales_growth", "sales / those of the year before - 1", "sales / prior_sales - 1", &["prior_sales"]),
    ratio(
        Growth,
        "share",
        "total_assets_growth",
        "total assets / those of the year before - 1",
        "total_assets / prior_total_assets - 1",
        &["prior_total_assets"],
    ),
    ratio(
        Growth,
        "share",
        "equity_growth",
        "equity / that of the year before - 1",
        "equity / prior_equity - 1",
        &["prior_equity"],
    ),
    ratio(Growth, "share", "ebit_growth", "EBIT / that of the year before - 1", "ebit / prior_ebit - 1", &["prior_ebit"]),
    ratio(
        Growth,
        "share",
        "net_income_growth",
        "net income / that of the year before - 1",
        "net_income / prior_net_income - 1",
        &["prior_net_income"],
    ),
    ratio(
        Growth,
        "share",
        "total_liabilities_growth",
        "total liabilities / those of the year before - 1",
        "total_liabilities / prior_total_liabilities - 1",
        &["prior_total_liabilities"],
    ),
    ratio(
        Growth,
        "share",
        "receivables_growth",
        "receivables / those of the year before - 1",
        "receivables / prior_receivables - 1",
        &["prior_receivables"],
    ),
    ratio(
        Growth,
        "share",
        "operating_cash_flow_growth",
        "operating cash flow / that of the year before - 1",
        "operating_cash_flow / prior_operating_cash_flow - 1",
        &["prior_operating_cash_flow"],
    ),
];
