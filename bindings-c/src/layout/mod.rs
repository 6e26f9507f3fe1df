//! Layouts: where the fields of the model lie in records of a fixed length, so that files of other programs are read as they
//! are.

mod cell;
mod decimal;
mod decode;
pub mod exports;
mod page;

use std::ffi::CString;
use std::fmt::Write;
use std::sync::Arc;

use scoreline::{Error, ErrorCode, Kind, Problem, Result};
use sha2::{Digest, Sha256};

use crate::argument;
use crate::error::c_text;
use crate::handle::{Handle, State};
use crate::scorer::Model;

use cell::{Cell, Form};
pub(crate) use decode::Decoded;
use page::Page;

/// Where each field of the model lies in a record of fixed length. Nothing is read yet when it is made; the records are given
/// with each block of a run.
///
/// Offsets count bytes from 0. Two places never overlap, and each field is laid out once; every field that can change a
/// decision (scoreline_scorer_field_required) must be. What else lies in the record is not looked at.
///
/// A cell that cannot be read refuses its record, not the block: the record gets a status and the field is named.
#[derive(Debug)]
pub struct CLayout(Handle<Layout>);

#[derive(Debug)]
pub(crate) struct Layout {
    pub(crate) model: Arc<Model>,
    record: usize,
    page: Page,
    /// By offset.
    places: Vec<Place>,
    /// SHA-256 of the description.
    hash: CString,
}

#[derive(Debug)]
struct Place {
    what: What,
    offset: usize,
    length: usize,
}

#[derive(Debug)]
enum What {
    Field { index: usize, cell: Cell },
    Tier,
    Since,
}

impl State for Layout {
    const WORD: u64 = 0x7475_6f79_616c_6c73;
    const ARGUMENT: &'static str = "layout";
}

impl CLayout {
    pub(crate) fn get(layout: Option<&Self>) -> Result<&Layout> {
        Handle::get(layout.map(|layout| &layout.0))
    }

    fn get_mut(layout: Option<&mut Self>) -> Result<&mut Layout> {
        Handle::get_mut(layout.map(|layout| &mut layout.0))
    }
}

impl Layout {
    fn new(model: &Arc<Model>, record: usize, page: Page) -> Result<Self> {
        if record == 0 || record > isize::MAX as usize {
            return Err(argument::refused("record_length", "records cannot be that long", "pass their number of bytes"));
        }
        let mut layout = Layout { model: Arc::clone(model), record, page, places: Vec::new(), hash: CString::default() };
        layout.seal();
        Ok(layout)
    }

    pub(crate) const fn record(&self) -> usize {
        self.record
    }

    /// Lays out a field.
    fn field(&mut self, index: usize, offset: usize, length: usize, form: Form) -> Result<()> {
        let Some(field) = self.model.scorer.schema().fields.get(index) else {
            let remedy = "ask scoreline_scorer_field for the index of a name, or use 0 to scoreline_scorer_field_count - 1";
            return Err(argument::refused("field", "there is no field with this index", remedy));
        };
        form.check(length)?;
        if field.kind == Kind::Category && form != Form::Text {
            let remedy = "lay it out with scoreline_layout_text";
            return Err(argument::refused(&field.name, "a field of levels is text", remedy));
        }
        if matches!(form, Form::Letters(..)) && field.kind != Kind::Flag {
            return Err(argument::refused(&field.name, "the field is not one of true and false", "lay it out by its kind"));
        }
        if self.places.iter().any(|place| matches!(place.what, What::Field { index: laid, .. } if laid == index)) {
            return Err(argument::refused(&field.name, "the field is laid out already", "lay out each field once"));
        }
        let what = What::Field { index, cell: Cell { form, page: self.page } };
        self.place(vec![Place { what, offset, length }])
    }

    fn standing(&mut self, tier: usize, since: usize) -> Result<()> {
        if self.has_standing() {
            return Err(argument::refused("tier_offset", "the standing is laid out already", "lay it out once"));
        }
        let since = Place { what: What::Since, offset: since, length: 8 };
        self.place(vec![Place { what: What::Tier, offset: tier, length: 1 }, since])
    }

    fn has_standing(&self) -> bool {
        self.places.iter().any(|place| matches!(place.what, What::Tier))
    }

    /// Adds places, or none when one of them cannot be.
    fn place(&mut self, places: Vec<Place>) -> Result<()> {
        let mut others: Vec<&Place> = self.places.iter().collect();
        for place in &places {
            let name = self.name(&place.what);
            let end = place.offset.checked_add(place.length).filter(|end| *end <= self.record);
            let Some(end) = end else {
                let what = "the place does not lie inside the record";
                return Err(argument::refused(name, what, "correct offset and length, or the length of the record"));
            };
            let overlaps = |other: &&&Place| place.offset < other.offset + other.length && other.offset < end;
            if let Some(other) = others.iter().find(overlaps) {
                let what = format!("the place overlaps that of '{}'", self.name(&other.what));
                return Err(argument::refused(name, &what, "correct offset and length of both"));
            }
            others.push(place);
        }
        self.places.extend(places);
        self.places.sort_by_key(|place| place.offset);
        self.seal();
        Ok(())
    }

    fn name(&self, what: &What) -> &str {
        match what {
            What::Field { index, .. } => {
                self.model.scorer.schema().fields.get(*index).map_or("field", |field| field.name.as_str())
            }
            What::Tier => "tier",
            What::Since => "since",
        }
    }

    /// The canonical text: a line for the record, then one for each place, by offset.
    fn description(&self) -> String {
        let mut text = format!("scoreline layout 1\nrecord {} {}\n", self.record, self.page.name());
        for Place { what, offset, length } in &self.places {
            let name = self.name(what);
            // Writing into a string does not fail.
            let _ = match what {
                What::Field { cell, .. } => writeln!(text, "{offset} {length} {} field {name:?}", cell.form),
                What::Tier | What::Since => writeln!(text, "{offset} {length} {name}"),
            };
        }
        text
    }

    fn seal(&mut self) {
        let mut hex = String::with_capacity(64);
        for byte in Sha256::digest(self.description()) {
            let _ = write!(hex, "{byte:02x}");
        }
        self.hash = c_text(&hex);
    }

    /// That every field that can change a decision is laid out.
    pub(crate) fn complete(&self) -> Result<()> {
        let laid =
            |index: usize| self.places.iter().any(|place| matches!(place.what, What::Field { index: laid, .. } if laid == index));
        let fields = &self.model.scorer.schema().fields;
        let missing = self.model.scorer.required().iter().filter(|&&index| !laid(index)).filter_map(|&index| fields.get(index));
        let problems: Vec<Problem> =
            missing.map(|field| Problem::new("the field is needed, but not laid out", "lay it out").field(&field.name)).collect();
        if problems.is_empty() { Ok(()) } else { Err(Error::new(ErrorCode::InvalidData, problems)) }
    }
}
