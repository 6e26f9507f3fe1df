//! Increases in a given order, as far as caps allow.

use serde::{Deserialize, Serialize};

use super::{Book, CapTotal, ConcentrationCaps, Exposure, Headroom};
use crate::error::Result;

/// What stopped a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AllotCap {
    /// The cap of its key.
    Single,
    /// The cap of its group.
    Group,
    /// What all may grow together.
    Budget,
}

/// What a request was granted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Allotment {
    /// The key of the request.
    pub key: String,
    /// The amount granted, at most what was asked for.
    pub granted: f64,
    /// The cap that left no more; none when everything was granted. Of equal ones the first of single, group, budget.
    pub binding: Option<AllotCap>,
}

impl Book {
    /// Grants increases one after the other, each as far as the caps allow after those before it. What is refused once stays
    /// refused, even when a later grant makes room under a growing total. An exposure that is above its cap gets nothing.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) as [`ConcentrationCaps::validate`];
    /// [`InvalidData`](crate::ErrorCode::InvalidData) with the row of a request, as for exposures.
    ///
    /// ```
    /// use scoreline::limit::{AllotCap, Book, ConcentrationCaps, Exposure};
    /// let one = |key: &str, amount| Exposure { key: key.into(), group: None, amount };
    /// let book = Book::new([one("a", 20.0), one("b", 80.0)])?;
    /// let caps = ConcentrationCaps { single: Some(0.25), budget: Some(12.0), ..ConcentrationCaps::default() };
    /// let granted = book.allot(&[one("a", 9.0), one("b", 1.0), one("c", 9.0)], &caps)?;
    /// let found: Vec<_> = granted.iter().map(|one| (one.granted, one.binding)).collect();
    /// assert_eq!(found, [(5.0, Some(AllotCap::Single)), (0.0, Some(AllotCap::Single)), (7.0, Some(AllotCap::Budget))]);
    /// # Ok::<(), scoreline::Error>(())
    /// ```
    pub fn allot(&self, requests: &[Exposure], caps: &ConcentrationCaps) -> Result<Vec<Allotment>> {
        caps.validate()?;
        let mut book = self.clone();
        let mut left = caps.budget;
        let mut granted = Vec::with_capacity(requests.len());
        for (row, request) in requests.iter().enumerate() {
            book.join(request).map_err(|error| error.at_row(row))?;
            let total = match caps.total {
                CapTotal::Fixed => self.total.value(),
                CapTotal::Growing => book.total.value(),
            };
            let room = |has: f64, cap: f64| {
                let Headroom { fixed, growing } = Headroom::new(has, total, cap);
                if caps.total == CapTotal::Fixed { fixed } else { growing.unwrap_or(f64::INFINITY) }
            };
            let single = book.keys.get(&request.key).zip(caps.single).map(|((_, sum), cap)| room(sum.value(), cap));
            let group = request.group.as_ref().and_then(|group| book.groups.get(group));
            let group = group.zip(caps.group).map(|(sum, cap)| room(sum.value(), cap));
            let (mut amount, mut binding) = (request.amount, None);
            for (cap, room) in [(AllotCap::Single, single), (AllotCap::Group, group), (AllotCap::Budget, left)] {
                if let Some(room) = room.filter(|room| *room < amount) {
                    (amount, binding) = (room, Some(cap));
                }
            }
            left = left.map(|left| (left - amount).max(0.0));
            book.grow(&request.key, amount);
            granted.push(Allotment { key: request.key.clone(), granted: amount, binding });
        }
        Ok(granted)
    }
}
