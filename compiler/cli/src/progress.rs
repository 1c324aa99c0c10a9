//! How far a run has come.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Runs that take less have no bar: it would only flicker.
const PATIENCE: Duration = Duration::from_millis(500);

/// A bar that appears once a run turns out to be long, and leaves no trace.
pub(crate) struct Progress {
    bar: ProgressBar,
    start: Instant,
    /// Where the bar appears, if somebody wants to see it and does not yet.
    target: Option<ProgressDrawTarget>,
}

impl Progress {
    /// Makes a bar for so many subjects, which appears on standard error if it is wanted.
    pub(crate) fn new(subjects: usize, wanted: bool) -> Self {
        Self::on(subjects, wanted.then(ProgressDrawTarget::stderr))
    }

    fn on(subjects: usize, target: Option<ProgressDrawTarget>) -> Self {
        let bar = ProgressBar::with_draw_target(Some(subjects as u64), ProgressDrawTarget::hidden());
        let template = "[{bar:40}] {human_pos} of {human_len} subjects, {eta} left";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("=> "));
        }
        Self { bar, start: Instant::now(), target }
    }

    /// Returns what counts subjects that are done, for other threads.
    pub(crate) fn counter(&self) -> ProgressBar {
        self.bar.clone()
    }

    /// Shows the bar if it is time; whoever waits for a run calls this now and then.
    pub(crate) fn refresh(&mut self) {
        if PATIENCE <= self.start.elapsed()
            && let Some(target) = self.target.take()
        {
            self.bar.set_draw_target(target);
        }
        self.bar.tick();
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use indicatif::TermLike;

    use super::*;

    /// A terminal that keeps what it is told.
    #[derive(Clone, Debug, Default)]
    struct Told(Arc<Mutex<Vec<String>>>);

    impl Told {
        fn tell(&self, what: &str) {
            self.0.lock().expect("no thread has panicked").push(what.to_owned());
        }

        fn so_far(&self) -> Vec<String> {
            self.0.lock().expect("no thread has panicked").clone()
        }
    }

    impl TermLike for Told {
        fn width(&self) -> u16 {
            80
        }

        fn move_cursor_up(&self, _: usize) -> io::Result<()> {
            Ok(())
        }

        fn move_cursor_down(&self, _: usize) -> io::Result<()> {
            Ok(())
        }

        fn move_cursor_right(&self, _: usize) -> io::Result<()> {
            Ok(())
        }

        fn move_cursor_left(&self, _: usize) -> io::Result<()> {
            Ok(())
        }

        fn write_line(&self, line: &str) -> io::Result<()> {
            self.tell(line);
            Ok(())
        }

        fn write_str(&self, text: &str) -> io::Result<()> {
            self.tell(text);
            Ok(())
        }

        fn clear_line(&self) -> io::Result<()> {
            self.tell("clear");
            Ok(())
        }

        fn flush(&self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_bar_appears_when_a_run_is_long_and_is_cleared_at_its_end() {
        let told = Told::default();
        let mut progress = Progress::on(10, Some(ProgressDrawTarget::term_like(Box::new(told.clone()))));
        progress.counter().inc(3);
        progress.refresh();
        assert!(told.so_far().is_empty(), "it is too early");
        progress.start = progress.start.checked_sub(PATIENCE).expect("the clock has run for a while");
        progress.refresh();
        assert!(told.so_far().concat().contains("3 of 10 subjects"), "{told:?}");
        drop(progress);
        let so_far = told.so_far();
        let last = so_far.iter().rposition(|what| what.contains("subjects"));
        let cleared = so_far.iter().rposition(|what| what == "clear");
        assert!(last < cleared, "{so_far:?}");
    }

    #[test]
    fn a_bar_that_nobody_wants_stays_hidden() {
        let mut progress = Progress::on(10, None);
        progress.start = progress.start.checked_sub(PATIENCE).expect("the clock has run for a while");
        progress.refresh();
        assert!(progress.bar.is_hidden());
    }
}
