//! What the user probably meant where the parser could not go on.
//!
//! Each rule looks at what was found, what stands before it, how the statement started and what the
//! grammar allows; the first that knows the mistake reports it.

mod characters;
mod names;
mod site;
mod statements;
mod values;

use pmc_diagnostics::Diagnostics;

use crate::limits::FINDINGS;
use crate::recover::{Unread, surprise};
use crate::terminal::Placed;
use site::{Site, Text};

/// Explains errors by the text around them.
pub(crate) struct Explainer<'source> {
    text: Text<'source>,
    stopped: Option<u32>,
    /// First terminal of the last statement with an error; its further errors mostly follow from that.
    last: Option<usize>,
    /// Where the rest of that statement ends.
    quiet_until: u32,
}

impl<'source> Explainer<'source> {
    /// Makes an explainer for a text and its terminals; nothing from `stopped` on is worth a word.
    pub(crate) fn new(
        source: &'source str,
        terminals: &'source [Placed<'source>],
        stopped: Option<u32>,
    ) -> Self {
        Self { text: Text { source, terminals }, stopped, last: None, quiet_until: 0 }
    }

    /// Returns whether a limit stopped the reading of the text.
    pub(crate) fn is_stopped(&self) -> bool {
        self.stopped.is_some()
    }

    /// Reports one error, unless it follows from one that was reported before.
    pub(crate) fn report(&mut self, diagnostics: &mut Diagnostics, error: &Unread<'source>) {
        let surprise = surprise(error);
        let (start, ..) = surprise.found;
        let full = FINDINGS <= diagnostics.iter().len();
        let follows = self.last.is_some() && start <= self.quiet_until;
        if full || follows || self.stopped.is_some_and(|stopped| stopped <= start) {
            return;
        }
        let site = Site::new(self.text, surprise);
        let same = self.last == Some(site.start());
        self.last = Some(site.start());
        self.quiet_until = site.end();
        if same || site.is_mended() {
            return;
        }
        let rules: &[fn(&Site<'_, '_>, &mut Diagnostics) -> bool] = &[
            characters::unknown_character,
            statements::at_start,
            names::reserved_word,
            names::label,
            names::unit,
            names::name,
            values::conditional,
            values::missing,
            statements::assignment,
            statements::after_word,
            statements::in_head,
            statements::after_head,
            values::after_value,
        ];
        if !rules.iter().any(|rule| rule(&site, diagnostics)) {
            diagnostics.unexpected_text(site.span(), &site.found_text(), site.expected_text());
        }
    }
}
