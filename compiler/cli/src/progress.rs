//! How far a run has come.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Runs that take less have no bar: it would only flicker.
const PATIENCE: Duration = Duration::from_millis(500);

/// A bar on standard error that appears once a run turns out to be long, and leaves no trace.
pub(crate) struct Progress {
    bar: ProgressBar,
    start: Instant,
    /// Whether somebody wants to see it.
    wanted: bool,
}

impl Progress {
    /// Makes a bar for so many subjects, which stays hidden unless it is wanted.
    pub(crate) fn new(subjects: usize, wanted: bool) -> Self {
        let bar = ProgressBar::with_draw_target(Some(subjects as u64), ProgressDrawTarget::hidden());
        let template = "[{bar:40}] {human_pos} of {human_len} subjects, {eta} left";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("=> "));
        }
        Self { bar, start: Instant::now(), wanted }
    }

    /// Returns what counts subjects that are done, for other threads.
    pub(crate) fn counter(&self) -> ProgressBar {
        self.bar.clone()
    }

    /// Shows the bar if it is time; the thread that made it calls this now and then.
    pub(crate) fn refresh(&mut self) {
        if self.wanted && PATIENCE <= self.start.elapsed() {
            self.wanted = false;
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.bar.tick();
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
