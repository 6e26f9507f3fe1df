//! Stage 1, what comes in: schema, values, columns, batches, labels and the split of rows.

mod batch;
mod column;
mod decimal;
mod digest;
mod labels;
mod schema;
mod split;
mod value;

pub use batch::Batch;
pub use column::{Column, Validity};
pub(crate) use decimal::{Decimal, Read, decimal};
pub(crate) use digest::{canonical_hash, hash64, hex};
pub use labels::{Labels, WEIGHT_ONE, WEIGHT_UNIT};
pub use schema::{Code, Field, Kind, MAX_FIELDS, Schema, Sensitivity, Special};
pub(crate) use schema::{NAME_RULE, is_name, nearest};
pub use split::SplitConfig;
pub use value::{Date, Row, Value};
pub(crate) use value::{Key, first_of_month};
