//! The proof that every state has exactly one answer, or what speaks against it.

use std::fmt;

use serde::Serialize;

use super::boxes::{Gaps, StateBox};
use super::cells::AxisCells;
use super::diagram::Diagram;
use super::rows::RowSet;
use super::stored::ActionBook;
use super::table::ActionTable;
use crate::error::{Error, ErrorCode, Problem, Result};

/// The most faults of a kind that a report lists.
pub const MAX_LISTED: usize = 100;

/// What a check of a book has found. It is exact: it covers every state, and no state was sampled.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BookReport {
    /// Rows of the book.
    pub rows: usize,
    /// Axes of the book.
    pub axes: usize,
    /// Nodes of the diagram that the states were split into: how involved the book is.
    pub nodes: usize,
    /// States that no row answers for, as disjoint boxes; at most [`MAX_LISTED`].
    pub gaps: Vec<StateBox>,
    /// How many boxes there are beyond those listed.
    pub more_gaps: u64,
    /// Pairs of rows that answer for the same states; at most [`MAX_LISTED`].
    pub overlaps: Vec<Overlap>,
    /// How many pairs there are beyond those listed.
    pub more_overlaps: u64,
    /// Rows that never answer alone; at most [`MAX_LISTED`].
    pub never: Vec<NeverFires>,
    /// How many such rows there are beyond those listed.
    pub more_never: u64,
}

/// Two rows and all states that both answer for.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Overlap {
    /// Codes of the rows, in the order of the book.
    pub codes: [String; 2],
    /// The states.
    pub states: StateBox,
}

/// A row that is not the only one for any state.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NeverFires {
    /// Code of the row.
    pub code: String,
    /// The first axis of which the row allows nothing; none when other rows answer for all its states.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub axis: Option<String>,
}

impl BookReport {
    /// Whether every state has exactly one answer and every row answers for some state.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.gaps.is_empty() && self.overlaps.is_empty() && self.never.is_empty()
    }

    /// Every listed fault as a problem, and a last one for those that are not listed.
    fn problems(&self) -> Vec<Problem> {
        let gap = |states: &StateBox| at_rows(format!("no row answers for {states}"), "add a row or widen one");
        let mut problems: Vec<Problem> = self.gaps.iter().map(gap).collect();
        problems.extend(self.overlaps.iter().map(Overlap::problem));
        problems.extend(self.never.iter().map(|row| at_rows(row.to_string(), "correct it or take it out")));
        let more = self.more_gaps.saturating_add(self.more_overlaps).saturating_add(self.more_never);
        if more > 0 {
            problems.push(at_rows(format!("{more} more faults are not listed"), "mend these first"));
        }
        problems
    }
}

impl Overlap {
    fn problem(&self) -> Problem {
        at_rows(self.to_string(), "narrow one of them")
    }
}

fn at_rows(what: String, remedy: &str) -> Problem {
    Problem::new(what, remedy).field("treatment.rows")
}

impl fmt::Display for BookReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} rows over {} axes: ", self.rows, self.axes)?;
        if self.is_sound() {
            return f.write_str("every state has exactly one answer");
        }
        let count = |listed: usize, more: u64| (listed as u64).saturating_add(more);
        let (gaps, overlaps) = (count(self.gaps.len(), self.more_gaps), count(self.overlaps.len(), self.more_overlaps));
        let never = count(self.never.len(), self.more_never);
        write!(f, "gaps {gaps}, overlaps {overlaps}, rows that never answer {never}")?;
        for problem in self.problems() {
            write!(f, "\n- {}; {}", problem.what, problem.remedy)?;
        }
        Ok(())
    }
}

impl fmt::Display for Overlap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [first, second] = &self.codes;
        write!(f, "rows {first} and {second} both answer for {}", self.states)
    }
}

impl fmt::Display for NeverFires {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.axis {
            Some(axis) => write!(f, "row {} allows nothing of {axis}", self.code),
            None => write!(f, "row {} never answers alone", self.code),
        }
    }
}

impl ActionBook {
    /// Looks at every state and reports those with no answer or several, and the rows that never answer alone.
    ///
    /// Each axis is cut where a row begins or ends to admit it, and the states are split axis by axis into a decision
    /// diagram (as in R. Bryant, "Graph-Based Algorithms for Boolean Function Manipulation", 1986, with many values for two).
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorCode::InvalidConfig) as [`ActionBook::validate`], or when the rows cut the states into so
    /// many pieces that the check would not end soon.
    pub fn check(&self) -> Result<BookReport> {
        Ok(self.examine()?.0)
    }

    /// The book in the form that answers.
    ///
    /// # Errors
    /// As [`ActionBook::check`], and [`InvalidConfig`](crate::ErrorCode::InvalidConfig) with every listed fault of its report.
    pub fn resolve(&self) -> Result<ActionTable> {
        let (report, axes, diagram) = self.examine()?;
        match ActionTable::new(axes, diagram) {
            Some(table) if report.is_sound() => Ok(table),
            _ if report.is_sound() => Err(Error::internal("a sound book has states without an answer")),
            _ => Err(Error::new(ErrorCode::InvalidConfig, report.problems())),
        }
    }

    fn examine(&self) -> Result<(BookReport, Vec<AxisCells>, Diagram)> {
        self.validate()?;
        let axes: Vec<AxisCells> = (0..self.axes.len()).map(|axis| AxisCells::new(self, axis)).collect::<Result<_>>()?;
        let (overlaps, more_overlaps) = self.overlaps(&axes);
        // What cannot be split in reasonable time is mostly a book whose rows overlap.
        let diagram = Diagram::new(&axes, self.rows.len()).map_err(|error| {
            let problems = error.problems().iter().cloned().chain(overlaps.iter().map(Overlap::problem));
            Error::new(error.code(), problems.collect())
        })?;
        let gaps = Gaps::new(&diagram, &axes);
        let listed = gaps.list(self, &axes, MAX_LISTED);
        let never: Vec<usize> = (0..self.rows.len()).filter(|row| !diagram.sole.contains(*row)).collect();
        let report = BookReport {
            rows: self.rows.len(),
            axes: self.axes.len(),
            nodes: diagram.nodes.len(),
            more_gaps: gaps.total() - listed.len() as u64,
            gaps: listed,
            overlaps,
            more_overlaps,
            more_never: never.len().saturating_sub(MAX_LISTED) as u64,
            never: never.into_iter().take(MAX_LISTED).map(|row| self.never(&axes, row)).collect(),
        };
        Ok((report, axes, diagram))
    }

    fn never(&self, axes: &[AxisCells], row: usize) -> NeverFires {
        let empty = axes.iter().zip(&self.axes).find(|(cells, _)| !cells.possible.contains(row));
        NeverFires { code: self.rows[row].code.clone(), axis: empty.map(|(_, axis)| axis.name.clone()) }
    }

    /// The first pairs of rows that share states, and how many more there are. Each row is a box, so two rows share states
    /// exactly when they share some of every axis.
    fn overlaps(&self, axes: &[AxisCells]) -> (Vec<Overlap>, u64) {
        let (mut listed, mut total) = (Vec::new(), 0);
        for row in 0..self.rows.len() {
            let mut others = RowSet::all(self.rows.len());
            for axis in axes {
                let mut near = RowSet::none(self.rows.len());
                axis.classes.iter().filter(|class| class.contains(row)).for_each(|class| near.add(class));
                others.keep(&near);
            }
            for other in others.iter().filter(|other| *other > row) {
                total += 1;
                if listed.len() < MAX_LISTED {
                    listed.push(self.overlap(axes, row, other));
                }
            }
        }
        let more = total - listed.len() as u64;
        (listed, more)
    }

    fn overlap(&self, axes: &[AxisCells], row: usize, other: usize) -> Overlap {
        let parts = |axis: usize| {
            let cells: &AxisCells = &axes[axis];
            let both = |class: usize| cells.classes[class].contains(row) && cells.classes[class].contains(other);
            let open = cells.open.contains(row) && cells.open.contains(other);
            (!open).then(|| cells.parts_of(&self.axes[axis].of, both))
        };
        let codes = [row, other].map(|row| self.rows[row].code.clone());
        Overlap { codes, states: StateBox::new(self, parts) }
    }
}
