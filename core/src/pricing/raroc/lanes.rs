//! One number, or many side by side: a formula written once over [`Number`] gives each lane the bits that it gives one number,
//! because every operation is rounded by itself.

use std::ops::{Add, Div, Mul, Sub};

use pulp::Simd;

/// What the formulas of a loan calculate with.
pub(super) trait Number: Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self> {
    /// `x` in every lane.
    fn of(self, x: f64) -> Self;
    /// Without the sign.
    fn abs(self) -> Self;
    /// `yes` in the lanes that are at most `bound`, `no` in the others and where one is NaN.
    fn at_most(self, bound: Self, yes: Self, no: Self) -> Self;
    /// The least lane.
    fn least(self) -> f64;
}

impl Number for f64 {
    #[inline(always)]
    fn of(self, x: f64) -> f64 {
        x
    }

    #[inline(always)]
    fn abs(self) -> f64 {
        self.abs()
    }

    #[inline(always)]
    fn at_most(self, bound: f64, yes: f64, no: f64) -> f64 {
        if self <= bound { yes } else { no }
    }

    #[inline(always)]
    fn least(self) -> f64 {
        self
    }
}

/// Registers that are worked on side by side: while one waits for a division, the other goes on.
pub(super) const SIDE: usize = 2;

/// The lanes of `SIDE` registers.
#[derive(Clone, Copy)]
pub(super) struct Lanes<S: Simd> {
    simd: S,
    of: [S::f64s; SIDE],
}

impl<S: Simd> Lanes<S> {
    /// How many numbers they are.
    pub(super) const COUNT: usize = SIDE * S::F64_LANES;

    /// `x` in every lane.
    #[inline(always)]
    pub(super) fn splat(simd: S, x: f64) -> Self {
        Lanes { simd, of: [simd.splat_f64s(x); SIDE] }
    }

    /// The first lanes of `values`; 0 beyond the end.
    #[inline(always)]
    pub(super) fn read(simd: S, values: &[f64]) -> Self {
        let mut lanes = Lanes::splat(simd, 0.0);
        lanes.of.iter_mut().zip(S::as_simd_f64s(values).0).for_each(|(lane, values)| *lane = *values);
        lanes
    }

    /// Puts the lanes into `values`, as far as it goes.
    #[inline(always)]
    pub(super) fn write(self, values: &mut [f64]) {
        S::as_mut_simd_f64s(values).0.iter_mut().zip(self.of).for_each(|(values, lane)| *values = lane);
    }

    #[inline(always)]
    fn with(self, other: Self, operation: impl Fn(S, S::f64s, S::f64s) -> S::f64s) -> Self {
        let mut of = self.of;
        for (a, b) in of.iter_mut().zip(other.of) {
            *a = operation(self.simd, *a, b);
        }
        Lanes { of, ..self }
    }
}

impl<S: Simd> Number for Lanes<S> {
    #[inline(always)]
    fn of(self, x: f64) -> Self {
        Lanes::splat(self.simd, x)
    }

    #[inline(always)]
    fn abs(self) -> Self {
        self.with(self, |simd, a, _| simd.abs_f64s(a))
    }

    #[inline(always)]
    fn at_most(self, bound: Self, yes: Self, no: Self) -> Self {
        let mut of = no.of;
        for (at, no) in of.iter_mut().enumerate() {
            let within = self.simd.less_than_or_equal_f64s(self.of[at], bound.of[at]);
            *no = self.simd.select_f64s(within, yes.of[at], *no);
        }
        Lanes { of, ..self }
    }

    #[inline(always)]
    fn least(self) -> f64 {
        let [first, second] = self.of;
        self.simd.reduce_min_f64s(self.simd.min_f64s(first, second))
    }
}

impl<S: Simd> Add for Lanes<S> {
    type Output = Self;

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        self.with(other, |simd, a, b| simd.add_f64s(a, b))
    }
}

impl<S: Simd> Sub for Lanes<S> {
    type Output = Self;

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        self.with(other, |simd, a, b| simd.sub_f64s(a, b))
    }
}

impl<S: Simd> Mul for Lanes<S> {
    type Output = Self;

    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        self.with(other, |simd, a, b| simd.mul_f64s(a, b))
    }
}

impl<S: Simd> Div for Lanes<S> {
    type Output = Self;

    #[inline(always)]
    fn div(self, other: Self) -> Self {
        self.with(other, |simd, a, b| simd.div_f64s(a, b))
    }
}
