//! The conformance vectors of events: one entity's events, and what the windows give of them as of a day.

use scoreline::features::window::{DatedEvent, EventState, WindowPlan, WindowValues};
use scoreline::{Date, Result, Scorer, Value};
use serde_json::{Map, Value as Json, json};

use crate::cell::{Cell, Record};
use crate::vectors::{Expected, as_line};
use crate::{path, text};

/// The cases of one artefact.
#[derive(Debug, Clone, PartialEq)]
pub struct EventVectors {
    /// Path of the artefact from the root of the repository.
    pub artefact: String,
    /// The cases.
    pub cases: Vec<EventCase>,
}

/// The events of one entity and what becomes of them.
#[derive(Debug, Clone, PartialEq)]
pub struct EventCase {
    /// What the case is about; unique in its file.
    pub name: String,
    /// The day of the values and of the decision.
    pub as_of: String,
    /// The events that are known by then, in the order in which a state is told of them.
    pub events: Vec<Event>,
    /// Events that are refused after those, and why; they change nothing.
    pub refused: Vec<(Event, Expected)>,
    /// Events that become known after the day. In a list they do not count; a state that has one cannot be asked.
    pub later: Vec<Event>,
    /// The cells of the record that are no windows.
    pub record: Record,
    /// Every window feature by name.
    pub values: Record,
    /// The features that left events out.
    pub cut: Vec<String>,
    /// The canonical line of the decision on the record with these values.
    pub line: String,
}

/// An event as a program passes it.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// The name of its source.
    pub source: String,
    /// Its day, publication, key and fields by the names of their columns.
    pub cells: Record,
}

/// An event with its values in the order of the source.
struct Read<'a> {
    date: Date,
    published: Option<Date>,
    id: Value<'a>,
    fields: Vec<Value<'a>>,
}

impl Event {
    fn read<'a>(&'a self, plan: &WindowPlan) -> Result<Read<'a>> {
        let source = &plan.set().sources[plan.source(&self.source)?];
        let day = |column: &str| match self.cells.get(column) {
            Some(Cell::Text(text)) => Some(Date::parse(text).unwrap()),
            _ => None,
        };
        let id = match source.id.as_ref().and_then(|column| self.cells.get(column)) {
            None | Some(Cell::Missing) => Value::Missing,
            Some(Cell::Text(text)) => Value::Category(text),
            Some(Cell::Number(x) | Cell::Bits(x)) => Value::Number(*x),
            Some(Cell::Flag(flag)) => Value::Flag(*flag),
        };
        let fields =
            source.fields.iter().map(|field| self.cells.get(&field.name).map_or(Ok(Value::Missing), |cell| cell.value(field)));
        Ok(Read {
            date: day(&source.date).expect("the vectors give every event its day"),
            published: source.published.as_deref().and_then(day),
            id,
            fields: fields.collect::<Result<_>>()?,
        })
    }

    /// Adds the event to a state.
    ///
    /// # Errors
    /// Those of `WindowPlan::advance`.
    pub fn add(&self, plan: &WindowPlan, state: &mut EventState) -> Result<()> {
        plan.advance(state, &self.source, &self.read(plan)?.dated())
    }

    fn to_json(&self) -> Json {
        json!({"source": self.source, "event": cells_to_json(&self.cells)})
    }

    fn from_json(json: &Json) -> Self {
        Event { source: string(&json["source"]), cells: cells_from_json(&json["event"]) }
    }

    /// Source, day, publication and key, then the cells.
    fn to_tsv(&self, plan: &WindowPlan) -> String {
        let source = plan.source(&self.source).map(|at| &plan.set().sources[at]).unwrap_or(&plan.set().sources[0]);
        let text = |column: Option<&String>| match column.and_then(|column| self.cells.get(column)) {
            Some(Cell::Text(text)) => text.clone(),
            Some(Cell::Number(x)) => x.to_string(),
            _ => String::new(),
        };
        let own = [Some(&source.date), source.published.as_ref(), source.id.as_ref()];
        let head = own.iter().fold(self.source.clone(), |line, column| format!("{line}\t{}", text(*column)));
        let kind = |name: &str| source.fields.iter().find(|field| field.name == name).map(|field| field.kind);
        let cells = self.cells.iter().filter(|(name, _)| !own.contains(&Some(name)));
        cells.fold(head, |line, (name, cell)| format!("{line}\t{name}={}", cell.to_tsv(kind(name))))
    }
}

impl Read<'_> {
    fn dated(&self) -> DatedEvent<'_, [Value<'_>]> {
        DatedEvent { date: self.date, published: self.published, id: self.id, fields: &self.fields }
    }
}

impl EventCase {
    /// The day of the values.
    #[must_use]
    pub fn day(&self) -> Date {
        Date::parse(&self.as_of).unwrap()
    }

    /// The windows of the events and those that become known later, in one list, with `more` at its end.
    ///
    /// # Errors
    /// Those of `WindowPlan::of_events`.
    pub fn of_list(&self, plan: &WindowPlan, more: Option<&Event>) -> Result<WindowValues> {
        let events: Vec<&Event> = self.events.iter().chain(&self.later).chain(more).collect();
        let read = events.iter().map(|event| event.read(plan)).collect::<Result<Vec<_>>>()?;
        let list: Vec<_> = events.iter().zip(&read).map(|(event, read)| (event.source.as_str(), read.dated())).collect();
        plan.of_events(&list, self.day())
    }

    /// The state after the events, written and read back after each.
    #[must_use]
    pub fn state(&self, plan: &WindowPlan) -> EventState {
        self.events.iter().fold(plan.state(), |mut state, event| {
            event.add(plan, &mut state).unwrap();
            plan.state_from_json(&state.to_json().unwrap()).unwrap()
        })
    }

    /// The line of the decision on the record with `values`.
    #[must_use]
    pub fn decided(&self, scorer: &Scorer, values: &WindowValues) -> String {
        let cells = named(scorer.windows().unwrap(), values);
        as_line(scorer, &self.record.clone().into_iter().chain(cells).collect(), Some(self.day())).unwrap()
    }
}

/// Values of windows by name.
#[must_use]
pub fn named(plan: &WindowPlan, values: &WindowValues) -> Record {
    let cells = values.values.iter().map(|&x| if x.is_nan() { Cell::Missing } else { Cell::Number(x) });
    plan.names().map(str::to_owned).zip(cells).collect()
}

impl EventVectors {
    /// Reads `tests/conformance/events/<name>.json`.
    #[must_use]
    pub fn read(name: &str) -> Self {
        let json: Json = serde_json::from_str(&text(&format!("tests/conformance/events/{name}.json"))).unwrap();
        let list = |json: &Json| json.as_array().unwrap().clone();
        let case = |case: &Json| EventCase {
            name: string(&case["name"]),
            as_of: string(&case["as_of"]),
            events: list(&case["events"]).iter().map(Event::from_json).collect(),
            refused: list(&case["refused"])
                .iter()
                .map(|one| (Event::from_json(one), Expected::from_json(&one["error"])))
                .collect(),
            later: list(&case["later"]).iter().map(Event::from_json).collect(),
            record: cells_from_json(&case["record"]),
            values: cells_from_json(&case["values"]),
            cut: list(&case["cut"]).iter().map(string).collect(),
            line: string(&case["line"]),
        };
        EventVectors { artefact: string(&json["artefact"]), cases: list(&json["cases"]).iter().map(case).collect() }
    }

    /// The scorer of the artefact.
    #[must_use]
    pub fn scorer(&self) -> Scorer {
        scoreline::Artefact::load(path(&self.artefact)).unwrap().scorer().unwrap()
    }

    /// The text of the JSON file: a case in a few lines.
    #[must_use]
    pub fn to_json(&self) -> String {
        let rows = |rows: Vec<Json>| {
            let rows: Vec<String> = rows.iter().map(|row| format!("\n    {row}")).collect();
            rows.join(",")
        };
        let cases: Vec<String> = self
            .cases
            .iter()
            .map(|case| {
                let refused = case.refused.iter().map(|(event, error)| {
                    let mut json = event.to_json();
                    json["error"] = error.to_json();
                    json
                });
                format!(
                    "  {{\"name\": {}, \"as_of\": {},\n   \"record\": {},\n   \"events\": [{}],\n   \"refused\": [{}],\n   \
                     \"later\": [{}],\n   \"values\": {},\n   \"cut\": {},\n   \"line\": {}}}",
                    json!(case.name),
                    json!(case.as_of),
                    cells_to_json(&case.record),
                    rows(case.events.iter().map(Event::to_json).collect()),
                    rows(refused.collect()),
                    rows(case.later.iter().map(Event::to_json).collect()),
                    cells_to_json(&case.values),
                    json!(case.cut),
                    json!(case.line)
                )
            })
            .collect();
        format!("{{\"artefact\": {}, \"cases\": [\n{}\n]}}\n", json!(self.artefact), cases.join(",\n"))
    }

    /// The text of the TSV file: each line begins with what it is.
    #[must_use]
    pub fn to_tsv(&self) -> String {
        let scorer = self.scorer();
        let plan = scorer.windows().unwrap();
        let kind = |name: &str| scorer.schema().index(name).map(|at| scorer.schema().fields[at].kind);
        let cells = |cells: &Record| -> String {
            cells.iter().map(|(name, cell)| format!("\t{name}={}", cell.to_tsv(kind(name)))).collect()
        };
        let mut lines = Vec::new();
        for case in &self.cases {
            lines.push(format!("case\t{}\t{}", case.name, case.as_of));
            lines.push(format!("record{}", cells(&case.record)));
            lines.extend(case.events.iter().map(|event| format!("event\t{}", event.to_tsv(plan))));
            lines.extend(case.refused.iter().map(|(event, error)| {
                let Expected::Error(code, _, field) = error else { panic!("an error") };
                format!("refused\t{code}:{field}\t{}", event.to_tsv(plan))
            }));
            lines.push(format!("values{}", cells(&case.values)));
            lines.push(case.cut.iter().fold("cut".to_owned(), |line, name| format!("{line}\t{name}")));
            lines.push(format!("line\t{}", case.line));
            lines.extend(case.later.iter().map(|event| format!("later\t{}", event.to_tsv(plan))));
        }
        lines.join("\n") + "\n"
    }
}

fn string(json: &Json) -> String {
    json.as_str().unwrap().to_owned()
}

fn cells_to_json(cells: &Record) -> Json {
    Json::Object(cells.iter().map(|(name, cell)| (name.clone(), cell.to_json())).collect::<Map<_, _>>())
}

fn cells_from_json(json: &Json) -> Record {
    json.as_object().unwrap().iter().map(|(name, cell)| (name.clone(), Cell::from_json(cell))).collect()
}
