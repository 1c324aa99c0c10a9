//! Cutting of memory.

/// Cuts a piece off the front of a slab; an empty one if there is not enough left.
#[inline(never)]
#[expect(clippy::mut_mut, reason = "what is left of the slab goes back to the caller")]
pub(crate) fn take<'a>(slab: &mut &'a mut [f64], length: usize) -> &'a mut [f64] {
    take_inline(slab, length)
}

/// As [`take`], for places where most pieces are not used: what is cut off in vain costs nothing.
#[allow(clippy::inline_always)]
#[inline(always)]
#[expect(clippy::mut_mut, reason = "what is left of the slab goes back to the caller")]
pub(crate) fn take_inline<'a>(slab: &mut &'a mut [f64], length: usize) -> &'a mut [f64] {
    let (piece, rest) = core::mem::take(slab).split_at_mut_checked(length).unwrap_or_default();
    *slab = rest;
    piece
}
