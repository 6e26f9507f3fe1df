//! What is known of the accounts of a batch from the run before.

use napi::Unknown;
use scoreline::pipeline::{Accounts, NO_DAY};
use scoreline::{Date, Error, Field, Kind, Problem, Threads};

use crate::argument::{self, Options};
use crate::columns::{self, Cells};
use crate::error::Fault;
use crate::js::View;

/// Options of a batch of reviews.
#[derive(Default)]
pub(crate) struct BatchOptions {
    today: Option<Date>,
    previous: Option<Vec<u8>>,
    since: Option<Vec<i32>>,
    others: Options,
}

impl BatchOptions {
    pub(crate) fn read(options: Unknown<'_>) -> Result<Self, Fault> {
        let mut read = BatchOptions::default();
        argument::each_option(options, &["today", "previous", "since", "threads"], |name, value| {
            match name {
                "today" => read.today = Some(argument::day(value, name)?),
                "previous" => read.previous = Some(letters(name, value)?),
                "since" => read.since = Some(days(name, value)?),
                _ => read.others.set(name, value)?,
            }
            Ok(())
        })?;
        Ok(read)
    }

    pub(crate) fn today(&self) -> Result<Date, Fault> {
        argument::needed(self.today, "today", argument::A_DAY)
    }

    pub(crate) fn threads(&self) -> Threads {
        self.others.threads
    }

    /// Both columns or neither.
    pub(crate) fn standings(self) -> Result<Option<Standings>, Fault> {
        match (self.previous, self.since) {
            (Some(tiers), Some(since)) => Ok(Some(Standings { tiers, since })),
            (None, None) => Ok(None),
            _ => {
                let what = "the tiers before and their first days belong together";
                Err(Error::data(Problem::new(what, "pass both, or neither at the first run").field("previous")).into())
            }
        }
    }
}

/// The tiers that accounts have and their first days, copied.
pub(crate) struct Standings {
    tiers: Vec<u8>,
    since: Vec<i32>,
}

impl Standings {
    pub(crate) fn accounts(&self) -> Accounts<'_> {
        Accounts { tiers: &self.tiers, since: &self.since }
    }
}

fn letters(name: &str, value: Unknown<'_>) -> Result<Vec<u8>, Fault> {
    if let Some(view) = View::of(value)?.filter(View::is_uint8) {
        return Ok(view.uint8());
    }
    let Cells::Levels { codes, levels } = columns::column(&Field::new(name, Kind::Category), value)? else {
        return Err(Error::internal("a column of texts has another kind").into());
    };
    let text = |code: i32| usize::try_from(code).ok().and_then(|code| levels.get(code));
    Ok(codes.into_iter().map(|code| Accounts::letter(text(code).map(AsRef::as_ref))).collect())
}

fn days(name: &str, value: Unknown<'_>) -> Result<Vec<i32>, Fault> {
    let Cells::Days { days, valid } = columns::column(&Field::new(name, Kind::Date), value)? else {
        return Err(Error::internal("a column of days has another kind").into());
    };
    let present = |row: usize| valid.get(row / 8).is_some_and(|byte| byte >> (row % 8) & 1 == 1);
    Ok(days.into_iter().enumerate().map(|(row, day)| if present(row) { day } else { NO_DAY }).collect())
}
