//! Arrow arrays as columns: borrowed where the memory is what the library reads, converted exactly elsewhere.

use std::borrow::Cow;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowDictionaryKeyType, ArrowPrimitiveType, Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type,
    Decimal256Type, DecimalType, Float16Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type,
    UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, DictionaryArray};
use arrow_schema::DataType;
use scoreline::{Column, Error, Kind, Problem, Validity};

use super::cell::{as_double, inexact};

/// Milliseconds of a day.
const DAY: i64 = 86_400_000;

/// The kind that an array of this type is read as; `None` when it can be read as any (no values at all) or as none.
pub(super) fn kind(array: &DataType) -> Option<Kind> {
    match array {
        DataType::Boolean => Some(Kind::Flag),
        DataType::Date32 | DataType::Date64 => Some(Kind::Date),
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => Some(Kind::Category),
        DataType::Dictionary(_, values) if kind(values) == Some(Kind::Category) => Some(Kind::Category),
        DataType::Float16 | DataType::Float32 | DataType::Float64 => Some(Kind::Number),
        DataType::Decimal32(..) | DataType::Decimal64(..) | DataType::Decimal128(..) | DataType::Decimal256(..) => {
            Some(Kind::Number)
        }
        whole if whole.is_integer() => Some(Kind::Number),
        _ => None,
    }
}

/// The column of an array. An array of type null becomes a missing column of the kind that is `expected`.
pub(super) fn column(array: &dyn Array, expected: Option<Kind>) -> Result<Column<'_>, Error> {
    Ok(match array.data_type() {
        DataType::Float64 => {
            let values = array.as_primitive::<Float64Type>();
            Column::Number { values: Cow::Borrowed(values.values()), validity: validity(array) }
        }
        DataType::Float32 => numbers::<Float32Type>(array, |x| Some(f64::from(x)))?,
        DataType::Float16 => numbers::<Float16Type>(array, |x| Some(x.into()))?,
        DataType::Int8 => numbers::<Int8Type>(array, as_double)?,
        DataType::Int16 => numbers::<Int16Type>(array, as_double)?,
        DataType::Int32 => numbers::<Int32Type>(array, as_double)?,
        DataType::Int64 => numbers::<Int64Type>(array, as_double)?,
        DataType::UInt8 => numbers::<UInt8Type>(array, as_double)?,
        DataType::UInt16 => numbers::<UInt16Type>(array, as_double)?,
        DataType::UInt32 => numbers::<UInt32Type>(array, as_double)?,
        DataType::UInt64 => numbers::<UInt64Type>(array, as_double)?,
        DataType::Decimal32(..) => decimals::<Decimal32Type>(array)?,
        DataType::Decimal64(..) => decimals::<Decimal64Type>(array)?,
        DataType::Decimal128(..) => decimals::<Decimal128Type>(array)?,
        DataType::Decimal256(..) => decimals::<Decimal256Type>(array)?,
        DataType::Boolean => Column::Flag(array.as_boolean().iter().collect()),
        DataType::Utf8 => Column::text(array.as_string::<i32>().iter()),
        DataType::LargeUtf8 => Column::text(array.as_string::<i64>().iter()),
        DataType::Utf8View => Column::text(array.as_string_view().iter()),
        DataType::Date32 => {
            Column::Date { values: Cow::Borrowed(array.as_primitive::<Date32Type>().values()), validity: validity(array) }
        }
        DataType::Date64 => days(array)?,
        DataType::Dictionary(key, values) if kind(values) == Some(Kind::Category) => match **key {
            DataType::Int8 => dictionary::<Int8Type>(array),
            DataType::Int16 => dictionary::<Int16Type>(array),
            DataType::Int32 => dictionary::<Int32Type>(array),
            DataType::Int64 => dictionary::<Int64Type>(array),
            DataType::UInt8 => dictionary::<UInt8Type>(array),
            DataType::UInt16 => dictionary::<UInt16Type>(array),
            DataType::UInt32 => dictionary::<UInt32Type>(array),
            _ => dictionary::<UInt64Type>(array),
        },
        DataType::Null => missing(array.len(), expected),
        other => return Err(unreadable(other)),
    })
}

/// A column in which every row is missing.
pub(super) fn missing(rows: usize, kind: Option<Kind>) -> Column<'static> {
    match kind {
        Some(Kind::Category) => Column::Text(vec![None; rows]),
        Some(Kind::Flag) => Column::Flag(vec![None; rows]),
        // An empty bitmap: no row holds a value.
        Some(Kind::Date) => Column::Date { values: vec![0; rows].into(), validity: Some(Validity::new(&[], 0)) },
        Some(Kind::Number) | None => Column::numbers(vec![f64::NAN; rows]),
    }
}

/// A type that no field takes.
pub(super) fn unreadable(array: &DataType) -> Error {
    let remedy = match array {
        DataType::Timestamp(..) => "a point in time is not a calendar day: cast it to date32 in the time zone that you mean",
        DataType::Dictionary(..) => "cast it to what the dictionary holds",
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView => "cast it to string",
        _ => "cast it to a number, string, bool or date32, or leave it out",
    };
    Error::data(Problem::new(format!("a column of Arrow type {array} is of no kind that a field can have"), remedy))
}

fn validity(array: &dyn Array) -> Option<Validity<'_>> {
    array.nulls().filter(|nulls| nulls.null_count() > 0).map(|nulls| Validity::new(nulls.validity(), nulls.offset()))
}

/// Converts each value that is not null.
fn numbers<T: ArrowPrimitiveType>(array: &dyn Array, convert: impl Fn(T::Native) -> Option<f64>) -> Result<Column<'_>, Error> {
    let array = array.as_primitive::<T>();
    // Collecting results would not know how many there are.
    let mut values = Vec::with_capacity(array.len());
    let exact = |row: usize, value: T::Native| convert(value).ok_or_else(|| inexact().at_row(row));
    if array.null_count() == 0 {
        for (row, value) in array.values().iter().enumerate() {
            values.push(exact(row, *value)?);
        }
    } else {
        for (row, value) in array.iter().enumerate() {
            values.push(value.map_or(Ok(f64::NAN), |value| exact(row, value))?);
        }
    }
    Ok(Column::numbers(values))
}

/// The double nearest to each decimal: what its text would be read as.
fn decimals<T: DecimalType>(array: &dyn Array) -> Result<Column<'_>, Error> {
    let decimals = array.as_primitive::<T>();
    let (precision, scale) = (decimals.precision(), decimals.scale());
    numbers::<T>(array, |value| T::format_decimal(value, precision, scale).parse().ok())
}

/// Milliseconds that must be whole days.
fn days(array: &dyn Array) -> Result<Column<'_>, Error> {
    let values = array.as_primitive::<Date64Type>().iter().enumerate().map(|(row, value)| {
        let value = value.unwrap_or_default();
        let day = Some(value / DAY).filter(|_| value % DAY == 0).and_then(|day| i32::try_from(day).ok());
        day.ok_or_else(|| Error::data(Problem::new("whole days were expected", "cast the column to date32")).at_row(row))
    });
    Ok(Column::Date { values: values.collect::<Result<Vec<i32>, _>>()?.into(), validity: validity(array) })
}

fn dictionary<K: ArrowDictionaryKeyType>(array: &dyn Array) -> Column<'_> {
    let array: &DictionaryArray<K> = array.as_dictionary();
    let levels: Vec<Option<&str>> = match array.values().data_type() {
        DataType::Utf8 => array.values().as_string::<i32>().iter().collect(),
        DataType::LargeUtf8 => array.values().as_string::<i64>().iter().collect(),
        _ => array.values().as_string_view().iter().collect(),
    };
    // A code beyond the levels is missing, and so is one of a level that is null.
    let (codes, validity) = match (array.keys() as &dyn Array).as_primitive_opt::<Int32Type>() {
        Some(keys) if levels.iter().all(Option::is_some) => (Cow::Borrowed(&keys.values()[..]), validity(keys)),
        _ => {
            let code = |key: usize| i32::try_from(key).ok().filter(|_| levels.get(key).is_some_and(Option::is_some));
            let keys = array.keys_iter().map(|key| key.and_then(code).unwrap_or(-1));
            (keys.collect::<Vec<i32>>().into(), None)
        }
    };
    let levels = levels.iter().map(|level| Cow::Borrowed(level.unwrap_or_default())).collect();
    Column::Dictionary { codes, levels, validity }
}
