//! Arrow arrays become columns of the core, of the kind that their field declares.

use std::borrow::Cow;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Date64Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use arrow_array::{Array, RecordBatch};
use arrow_schema::{DataType, TimeUnit};
use scoreline::{Batch, Column, Error, Kind, Problem, Result, Validity};

/// The kind that columns of an Arrow type have when no schema says otherwise; `None` when the type cannot be read.
pub(crate) fn natural_kind(data_type: &DataType) -> Option<Kind> {
    match data_type {
        DataType::Float32 | DataType::Float64 => Some(Kind::Number),
        whole if whole.is_integer() => Some(Kind::Number),
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => Some(Kind::Category),
        DataType::Dictionary(_, levels) => natural_kind(levels).filter(|kind| *kind == Kind::Category),
        DataType::Date32 | DataType::Date64 | DataType::Timestamp(_, None) => Some(Kind::Date),
        DataType::Boolean => Some(Kind::Flag),
        _ => None,
    }
}

/// The columns for which `kind_of` gives a kind, under their names. Doubles, 32-bit dictionary codes and days are borrowed.
///
/// Whole numbers serve as levels, written in digits, where a category is declared; a column of nulls serves as any kind.
/// A timestamp without a time zone counts as its day.
pub(crate) fn batch(table: &RecordBatch, kind_of: impl Fn(&str) -> Option<Kind>) -> Result<Batch<'_>> {
    let mut batch = Batch::new(table.num_rows());
    for (field, array) in table.schema_ref().fields().iter().zip(table.columns()) {
        if let Some(kind) = kind_of(field.name()) {
            let column = column(array.as_ref(), kind).map_err(|error| error.in_field(field.name()))?;
            batch = batch.with(field.name(), column)?;
        }
    }
    Ok(batch)
}

fn column(array: &dyn Array, kind: Kind) -> Result<Column<'_>> {
    match (array.data_type(), kind) {
        (DataType::Null, _) => Ok(nothing(array.len(), kind)),
        (DataType::Float64, _) => Ok(Column::Number { values: borrowed::<Float64Type>(array), validity: validity(array) }),
        (DataType::Float32, _) => {
            let values = array.as_primitive::<Float32Type>().values().iter().map(|value| f64::from(*value)).collect();
            Ok(Column::Number { values, validity: validity(array) })
        }
        (whole, Kind::Category) if whole.is_integer() => {
            Ok(Column::Text(integers(array).into_iter().map(|value| value.map(|value| Cow::Owned(value.to_string()))).collect()))
        }
        (whole, _) if whole.is_integer() => numbers(array),
        (DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View, _) => Ok(Column::Text(texts(array))),
        (DataType::Dictionary(codes, _), _) if natural_kind(array.data_type()).is_some() => Ok(dictionary(array, codes)),
        (DataType::Date32, _) => Ok(Column::Date { values: borrowed::<Date32Type>(array), validity: validity(array) }),
        (DataType::Date64, _) => days::<Date64Type>(array, 86_400_000),
        (DataType::Timestamp(TimeUnit::Second, None), _) => days::<TimestampSecondType>(array, 86_400),
        (DataType::Timestamp(TimeUnit::Millisecond, None), _) => days::<TimestampMillisecondType>(array, 86_400_000),
        (DataType::Timestamp(TimeUnit::Microsecond, None), _) => days::<TimestampMicrosecondType>(array, 86_400_000_000),
        (DataType::Timestamp(TimeUnit::Nanosecond, None), _) => days::<TimestampNanosecondType>(array, 86_400_000_000_000),
        (DataType::Boolean, _) => Ok(Column::Flag(array.as_boolean().iter().collect())),
        _ => {
            let remedy = "cast it to double, text, date or bool";
            Err(Error::data(Problem::new("a column of numbers, text, dates or flags was expected", remedy)))
        }
    }
}

fn validity(array: &dyn Array) -> Option<Validity<'_>> {
    array.nulls().map(|nulls| Validity::new(nulls.validity(), nulls.offset()))
}

fn borrowed<T: ArrowPrimitiveType>(array: &dyn Array) -> Cow<'_, [T::Native]> {
    Cow::Borrowed(array.as_primitive::<T>().values())
}

/// A column of missing values: no row is inside an empty validity.
fn nothing<'a>(rows: usize, kind: Kind) -> Column<'a> {
    let validity = Some(Validity::new(&[], 0));
    match kind {
        Kind::Number => Column::Number { values: vec![f64::NAN; rows].into(), validity },
        Kind::Category => Column::Text(vec![None; rows]),
        Kind::Date => Column::Date { values: vec![0; rows].into(), validity },
        Kind::Flag => Column::Flag(vec![None; rows]),
    }
}

/// Whole numbers of any width; `None` for nulls.
fn integers(array: &dyn Array) -> Vec<Option<i128>> {
    fn of<T: ArrowPrimitiveType<Native: Into<i128>>>(array: &dyn Array) -> Vec<Option<i128>> {
        array.as_primitive::<T>().iter().map(|value| value.map(Into::into)).collect()
    }
    match array.data_type() {
        DataType::Int8 => of::<Int8Type>(array),
        DataType::Int16 => of::<Int16Type>(array),
        DataType::Int32 => of::<Int32Type>(array),
        DataType::Int64 => of::<Int64Type>(array),
        DataType::UInt8 => of::<UInt8Type>(array),
        DataType::UInt16 => of::<UInt16Type>(array),
        DataType::UInt32 => of::<UInt32Type>(array),
        DataType::UInt64 => of::<UInt64Type>(array),
        _ => Vec::new(),
    }
}

/// Whole numbers as doubles; one that a double cannot hold is an error, not a rounding.
fn numbers(array: &dyn Array) -> Result<Column<'_>> {
    let exact = |(row, value): (usize, Option<i128>)| {
        let Some(value) = value else { return Ok(f64::NAN) };
        if value as f64 as i128 == value {
            return Ok(value as f64);
        }
        let problem =
            Problem::new("a whole number that a double holds exactly was expected", "make it text if it is an identifier");
        Err(Error::data(problem.row(row)))
    };
    Ok(Column::numbers(integers(array).into_iter().enumerate().map(exact).collect::<Result<Vec<f64>>>()?))
}

fn texts(array: &dyn Array) -> Vec<Option<Cow<'_, str>>> {
    match array.data_type() {
        DataType::Utf8 => array.as_string::<i32>().iter().map(|text| text.map(Cow::Borrowed)).collect(),
        DataType::LargeUtf8 => array.as_string::<i64>().iter().map(|text| text.map(Cow::Borrowed)).collect(),
        DataType::Utf8View => array.as_string_view().iter().map(|text| text.map(Cow::Borrowed)).collect(),
        _ => Vec::new(),
    }
}

fn dictionary<'a>(array: &'a dyn Array, code_type: &DataType) -> Column<'a> {
    let dictionary = array.as_any_dictionary();
    let levels = texts(dictionary.values().as_ref());
    // A code outside the dictionary is missing, and so is a level that is null.
    let present = |code: i128| usize::try_from(code).is_ok_and(|code| levels.get(code).is_some_and(Option::is_some));
    let codes = if *code_type == DataType::Int32 && levels.iter().all(Option::is_some) {
        borrowed::<Int32Type>(dictionary.keys())
    } else {
        let code =
            |code: Option<i128>| code.filter(|code| present(*code)).and_then(|code| i32::try_from(code).ok()).unwrap_or(-1);
        integers(dictionary.keys()).into_iter().map(code).collect()
    };
    let levels = levels.into_iter().map(Option::unwrap_or_default).collect();
    Column::Dictionary { codes, levels, validity: validity(dictionary.keys()) }
}

/// Days of instants that are counted `per_day` a day.
fn days<T: ArrowPrimitiveType<Native = i64>>(array: &dyn Array, per_day: i64) -> Result<Column<'_>> {
    let day = |(row, instant): (usize, &i64)| match i32::try_from(instant.div_euclid(per_day)) {
        Ok(day) => Ok(day),
        Err(_) if array.is_null(row) => Ok(0),
        Err(_) => Err(Error::data(Problem::new("a calendar day was expected", "correct it").row(row))),
    };
    let values = array.as_primitive::<T>().values().iter().enumerate().map(day).collect::<Result<Vec<i32>>>()?;
    Ok(Column::Date { values: values.into(), validity: validity(array) })
}
