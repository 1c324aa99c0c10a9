//! Cutting of memory.

/// Cuts a piece off the front of a slab; an empty one if there is not enough left.
#[inline(never)]
#[expect(clippy::mut_mut, reason = "what is left of the slab goes back to the caller")]
pub(crate) fn take<'a>(slab: &mut &'a mut [f64], length: usize) -> &'a mut [f64] {
    let (piece, rest) = core::mem::take(slab).split_at_mut_checked(length).unwrap_or_default();
    *slab = rest;
    piece
}
