//! How much work a text of the host makes. Tests count steps: seconds depend on the machine.

/// So many steps more. Outside of this crate's tests it does nothing.
#[cfg(not(test))]
pub(crate) const fn count(_steps: usize) {}

#[cfg(test)]
pub(crate) use counted::{count, of};

#[cfg(test)]
mod counted {
    use std::cell::Cell;

    thread_local! {
        static STEPS: Cell<usize> = const { Cell::new(0) };
    }

    pub(crate) fn count(steps: usize) {
        STEPS.set(STEPS.get() + steps);
    }

    /// The steps of this, on this thread.
    pub(crate) fn of<T>(work: impl FnOnce() -> T) -> (T, usize) {
        let before = STEPS.get();
        let done = work();
        (done, STEPS.get() - before)
    }
}
