//! The fitted bins of one feature.

use serde::{Deserialize, Serialize};

use super::config::Shape;
use super::edit::EditRecord;
use crate::data::{Special, Value};
use crate::error::{Problem, Problems, Result};

/// The bins of one feature with what was counted in them.
///
/// The order of `bins` is: ordinary bins (numeric ones by value, category ones by event rate), one bin for
/// each declared special code, and last the missing bin. The missing bin always exists.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeatureBins {
    /// Name of the feature.
    pub feature: String,
    /// Which values belong to which ordinary bin.
    pub split: Split,
    /// The bins: ordinary, special, missing.
    pub bins: Vec<Bin>,
    /// Information value over all bins, special and missing ones included.
    pub iv: f64,
    /// How good the ordinary bins are.
    pub certificate: Certificate,
    /// What was changed after the bins were found, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub edits: Vec<EditRecord>,
}

/// Which values belong to which ordinary bin.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Split {
    /// Intervals of a number.
    Numeric {
        /// Rising borders. Bin *k* is `[cuts[k − 1], cuts[k])`: a value equal to a cut is in the upper bin.
        cuts: Vec<f64>,
    },
    /// Groups of levels.
    Category {
        /// The levels of each bin, sorted by name.
        groups: Vec<Vec<String>>,
        /// The bin of levels that are in no group: the one that holds the rare levels of training, or, when
        /// none was rare, the one whose weight of evidence is nearest to 0.
        unseen: usize,
    },
}

/// One bin with what was counted in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bin {
    /// For readers: `[12, 24)`, `{A11, A12}`, `special: no file`, `missing`.
    pub label: String,
    /// Share of all rows, by weight.
    pub share: f64,
    /// Weight of the rows without the event, in rows.
    pub non_events: f64,
    /// Weight of the rows with the event, in rows.
    pub events: f64,
    /// Events as a share of the bin, in [0, 1]; 0 for an empty bin.
    pub event_rate: f64,
    /// Weight of evidence, see [`woe`](super::woe()): positive is good. 0 for an empty bin.
    pub woe: f64,
    /// What the bin adds to the information value, see [`information_value`](super::information_value).
    pub iv: f64,
}

/// How good the ordinary bins are: what was reached, and what no bins can exceed.
///
/// The bound comes from a problem with fewer demands. For a rising or falling trend it is the highest value of as many
/// bins that move so, over all cuts that leave enough rows, events and non-events on both sides; for other trends, of
/// as many bins in any order. Limits on the single bins and between neighbours can only lower it. For a category the
/// levels are ordered by event rate and the rare ones pooled before. Values are those of the
/// [`Objective`](super::Objective) that was asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// Value of the ordinary bins, as a rule their information value.
    pub objective: f64,
    /// No ordinary bins that keep the settings have a higher value.
    pub bound: f64,
    /// `bound − objective`, at least 0.
    pub gap: f64,
    /// Cuts the bins were chosen from.
    pub candidates: usize,
    /// Whether no better bins exist within all limits: the bound is reached, or every cut was tried.
    pub optimal: bool,
    /// Whether every distinct value was a possible cut. Otherwise values shared cells, and all statements
    /// hold for the borders of the cells.
    pub exact: bool,
    /// How the event rate moves over numeric bins; absent for a category and for a single bin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trend: Option<Shape>,
    /// Whether one cut parts all events from all non-events, as a rule because the feature is known only after the outcome.
    /// No bins that hold both classes can show that.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub separates: bool,
}

impl Bin {
    /// Whether nothing was counted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.events == 0.0 && self.non_events == 0.0
    }
}

impl Split {
    /// Number of ordinary bins, at least 1.
    #[must_use]
    pub fn bins(&self) -> usize {
        match self {
            Split::Numeric { cuts } => cuts.len() + 1,
            Split::Category { groups, .. } => groups.len(),
        }
    }

    /// The ordinary bin of `value` and whether its level is in no group; `None` when the value is missing or
    /// of another kind. A day counts as days since 1970-01-01, a flag as 0 or 1, or as `false` or `true`.
    #[must_use]
    pub fn find(&self, value: Value<'_>) -> Option<(usize, bool)> {
        match self {
            Split::Numeric { cuts } => {
                let x = match value {
                    Value::Number(x) if !x.is_nan() => x,
                    Value::Date(day) => f64::from(day.days()),
                    Value::Flag(flag) => f64::from(u8::from(flag)),
                    _ => return None,
                };
                Some((cuts.iter().filter(|cut| x >= **cut).count(), false))
            }
            Split::Category { groups, unseen } => {
                let level = match value {
                    Value::Category(level) => level,
                    Value::Flag(true) => "true",
                    Value::Flag(false) => "false",
                    _ => return None,
                };
                let group = groups.iter().position(|group| group.iter().any(|known| known == level));
                Some((group.unwrap_or(*unseen), group.is_none()))
            }
        }
    }

    /// The bin of `value` among the ordinary bins, one for each special code and the missing bin, and whether training
    /// saw nothing of the sort; `is_empty` says whether nothing was counted in a bin.
    pub(super) fn code(&self, value: Value<'_>, special: &[Special], is_empty: impl Fn(usize) -> bool) -> (u8, bool) {
        if let Some(i) = special.iter().position(|special| special.code.matches(value)) {
            let code = self.bins() + i;
            return (code as u8, is_empty(code));
        }
        match self.find(value) {
            Some((bin, unseen)) => (bin as u8, unseen),
            None => {
                let missing = self.bins() + special.len();
                let absent = value == Value::Missing || matches!(value, Value::Number(_));
                (missing as u8, !absent || is_empty(missing))
            }
        }
    }

    /// The label of ordinary bin `bin`.
    #[must_use]
    pub fn label(&self, bin: usize) -> String {
        match self {
            Split::Numeric { cuts } => {
                let lower = bin.checked_sub(1).and_then(|i| cuts.get(i));
                let from = lower.map_or("(-inf".to_owned(), |cut| format!("[{}", number(*cut)));
                let to = cuts.get(bin).map_or("inf".to_owned(), |cut| number(*cut));
                format!("{from}, {to})")
            }
            Split::Category { groups, unseen } => {
                const SHOWN: usize = 8;
                let levels = groups.get(bin).map_or(&[][..], Vec::as_slice);
                let mut parts: Vec<String> = levels.iter().take(SHOWN).cloned().collect();
                if levels.len() > SHOWN {
                    parts.push(format!("{} more", levels.len() - SHOWN));
                }
                if *unseen == bin {
                    parts.push("other".to_owned());
                }
                format!("{{{}}}", parts.join(", "))
            }
        }
    }
}

/// The shortest text that reads back as `x`.
fn number(x: f64) -> String {
    if x != 0.0 && !(1e-5..1e15).contains(&x.abs()) { format!("{x:e}") } else { format!("{x}") }
}

impl FeatureBins {
    /// Number of ordinary bins, at least 1. Special bins follow, then the missing bin.
    #[must_use]
    pub fn ordinary(&self) -> usize {
        self.split.bins()
    }

    /// Whether there is only one ordinary bin, so that the value itself says nothing.
    #[must_use]
    pub fn is_constant(&self) -> bool {
        self.ordinary() < 2
    }

    /// The index of the missing bin: the last.
    #[must_use]
    pub fn missing(&self) -> u8 {
        self.bins.len().saturating_sub(1) as u8
    }

    /// The index of the bin of `value`, and whether training saw nothing of the sort: a level in no group,
    /// or a special code or missing value whose bin is empty.
    ///
    /// `special` are the codes declared for the field, as in training. A value of another kind than the
    /// bins were made from counts as missing and unseen; [`Field::check`](crate::Field::check) refuses it before.
    #[must_use]
    pub fn code(&self, value: Value<'_>, special: &[Special]) -> (u8, bool) {
        self.split.code(value, special, |code| self.is_empty(code))
    }

    fn is_empty(&self, code: usize) -> bool {
        self.bins.get(code).is_none_or(Bin::is_empty)
    }

    /// Checks that the parts fit together, for bins that were read or edited; `special` is the number of
    /// special codes of the field.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every problem, each named after the feature.
    pub fn validate(&self, special: usize) -> Result<()> {
        let mut problems = Problems::default();
        let mut require = |ok: bool, what: &str, remedy: &str| {
            if !ok {
                problems.push(Problem::new(what, remedy).field(&self.feature));
            }
        };
        match &self.split {
            Split::Numeric { cuts } => {
                let rising = cuts.windows(2).all(|pair| pair[0] < pair[1]);
                require(
                    rising && cuts.iter().all(|cut| cut.is_finite()),
                    "the cuts must be finite and rise strictly",
                    "sort them and remove repetitions",
                );
            }
            Split::Category { groups, unseen } => {
                let mut levels: Vec<&String> = groups.iter().flatten().collect();
                levels.sort_unstable();
                require(
                    levels.windows(2).all(|pair| pair[0] != pair[1]),
                    "a level is in two groups",
                    "keep each level in one group",
                );
                require(*unseen < groups.len(), "the bin of unseen levels does not exist", "name one of the groups, from 0");
            }
        }
        require(
            self.bins.len() == self.ordinary() + special + 1 && self.bins.len() <= 255,
            "the number of bins differs from what split and special codes ask for",
            "give one bin for each interval or group, one for each special code, and the missing bin",
        );
        let finite =
            |bin: &Bin| [bin.share, bin.non_events, bin.events, bin.event_rate, bin.woe, bin.iv].iter().all(|x| x.is_finite());
        require(self.bins.iter().all(finite), "a bin holds a number that is not finite", "correct the bin");
        problems.into_result()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Code, Date};

    fn bin(label: &str, events: f64) -> Bin {
        Bin { label: label.to_owned(), share: 0.0, non_events: 0.0, events, event_rate: 0.0, woe: 0.0, iv: 0.0 }
    }

    fn feature(split: Split, events: &[f64]) -> FeatureBins {
        FeatureBins {
            feature: "x".to_owned(),
            split,
            bins: events.iter().map(|e| bin("", *e)).collect(),
            iv: 0.0,
            certificate: Certificate {
                objective: 0.0,
                bound: 0.0,
                gap: 0.0,
                candidates: 0,
                optimal: true,
                exact: true,
                trend: Some(Shape::Increasing),
                separates: false,
            },
            edits: Vec::new(),
        }
    }

    #[test]
    fn every_value_has_one_bin() {
        let bins = feature(Split::Numeric { cuts: vec![12.0, 24.0] }, &[1.0, 1.0, 1.0, 1.0, 0.0, 0.0]);
        let special = [
            Special { code: Code::Number(-9.0), name: "no file".to_owned() },
            Special { code: Code::Number(-8.0), name: "no answer".to_owned() },
        ];
        assert!(bins.validate(special.len()).is_ok());
        for (value, expected) in [
            (Value::Number(-1e300), (0, false)),
            (Value::Number(12.0), (1, false)),
            (Value::Number(23.999), (1, false)),
            (Value::Number(24.0), (2, false)),
            (Value::Date(Date::from_days(13)), (1, false)),
            (Value::Flag(true), (0, false)),
            (Value::Number(-9.0), (3, false)),
            (Value::Number(-8.0), (4, true)),
            (Value::Missing, (5, true)),
            (Value::Number(f64::NAN), (5, true)),
            (Value::Category("12"), (5, true)),
        ] {
            assert_eq!(bins.code(value, &special), expected, "{value:?}");
        }
    }

    #[test]
    fn unseen_levels_go_to_the_declared_bin() {
        let groups = vec![vec!["a".to_owned()], vec!["b".to_owned(), "c".to_owned()]];
        let bins = feature(Split::Category { groups, unseen: 1 }, &[1.0, 1.0, 2.0]);
        assert_eq!(bins.code(Value::Category("a"), &[]), (0, false));
        assert_eq!(bins.code(Value::Category("c"), &[]), (1, false));
        assert_eq!(bins.code(Value::Category("z"), &[]), (1, true));
        assert_eq!(bins.code(Value::Missing, &[]), (2, false));
        assert_eq!(bins.split.label(0), "{a}");
        assert_eq!(bins.split.label(1), "{b, c, other}");
    }

    #[test]
    fn labels_show_the_half_open_intervals() {
        let split = Split::Numeric { cuts: vec![0.1, 24.0, 1e20] };
        let labels: Vec<String> = (0..4).map(|k| split.label(k)).collect();
        assert_eq!(labels, ["(-inf, 0.1)", "[0.1, 24)", "[24, 1e20)", "[1e20, inf)"]);
        assert_eq!(Split::Numeric { cuts: vec![] }.label(0), "(-inf, inf)");
    }

    #[test]
    fn edited_bins_are_checked() {
        let falling = feature(Split::Numeric { cuts: vec![2.0, 1.0] }, &[1.0, 1.0]);
        assert_eq!(falling.validate(0).unwrap_err().problems().len(), 2);
        let twice = vec![vec!["a".to_owned()], vec!["a".to_owned()]];
        let repeated = feature(Split::Category { groups: twice, unseen: 2 }, &[1.0, f64::NAN, 1.0]);
        assert_eq!(repeated.validate(0).unwrap_err().problems().len(), 3);
    }

    #[test]
    fn text_and_back_is_the_same() {
        let bins = feature(Split::Numeric { cuts: vec![0.1 + 0.2, 24.0] }, &[1.0, 0.3, 1.0, 0.0]);
        let text = serde_json::to_string(&bins).unwrap();
        assert!(text.contains(r#""split":{"type":"numeric","cuts":[0.30000000000000004,24.0]}"#));
        assert_eq!(serde_json::from_str::<FeatureBins>(&text).unwrap(), bins);
    }
}
