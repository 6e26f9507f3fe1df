//! Merging of cells by key, and the fewest low bits to drop until they fit.

use super::tally::Tally;

/// Cells in rising order, as (key without its dropped low bits, what was counted).
pub(super) type Keyed<T> = Vec<(u64, T)>;

/// Merges two rising sequences whose keys may repeat, and drops the fewest further bits that leave at most `capacity`
/// cells. Returns these bits and the cells.
pub(super) fn merge<T: Tally>(
    mine: impl ExactSizeIterator<Item = (u64, T)>,
    theirs: impl Iterator<Item = (u64, T)>,
    capacity: usize,
) -> (u32, Keyed<T>) {
    let mut mine = mine.peekable();
    let mut theirs = theirs.peekable();
    let mut merged: Keyed<T> = Vec::with_capacity(mine.len() + theirs.size_hint().0);
    loop {
        let next = match (mine.peek(), theirs.peek()) {
            (Some(a), Some(b)) if a.0 > b.0 => theirs.next(),
            (Some(_), _) => mine.next(),
            (None, _) => theirs.next(),
        };
        let Some(next) = next else { break };
        push(&mut merged, next);
    }
    let more = bits_to_drop(&merged, capacity);
    if more == 0 {
        return (0, merged);
    }
    let mut fitted: Keyed<T> = Vec::with_capacity(merged.len().min(capacity));
    merged.into_iter().for_each(|(key, tally)| push(&mut fitted, (key >> more, tally)));
    (more, fitted)
}

/// Adds to the last cell when the keys agree.
fn push<T: Tally>(cells: &mut Keyed<T>, (key, tally): (u64, T)) {
    match cells.last_mut() {
        Some(last) if last.0 == key => last.1.add(&tally),
        _ => cells.push((key, tally)),
    }
}

/// The fewest low bits without which at most `capacity` of the keys, which rise, remain distinct.
pub(super) fn bits_to_drop<T>(cells: &[(u64, T)], capacity: usize) -> u32 {
    if cells.len() <= capacity {
        return 0;
    }
    // Neighbours whose highest differing bit is b become one when b + 1 bits are dropped.
    let mut joined = [0usize; 65];
    for pair in cells.windows(2) {
        joined[64 - (pair[0].0 ^ pair[1].0).leading_zeros() as usize] += 1;
    }
    let mut left = cells.len();
    let mut bits = 0;
    while left > capacity && bits < 63 {
        bits += 1;
        left -= joined[bits];
    }
    bits as u32
}
