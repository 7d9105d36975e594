//! How much happens in a search, how the host and the store behave, and faults to plant.

/// How often each thing may still happen. A search tries all orders of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Bounds {
    /// Refreshes that are begun.
    pub refreshes: u8,
    /// Sign-outs that are begun.
    pub sign_outs: u8,
    /// Sign-ins of the next user.
    pub sign_ins: u8,
    /// Deliveries of revocations that nobody waits for.
    pub deliveries: u8,
    /// Processes that die, and begin anew without memory.
    pub crashes: u8,
    /// Requests or answers that are lost.
    pub losses: u8,
    /// Writes whose callers give up waiting, and which land later.
    pub late_writes: u8,
    /// Returns of the very first record to the store.
    pub restores: u8,
    /// Times that everybody waits until every backoff is over.
    pub waits: u8,
}

/// What the documents leave open about a host.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HostRules {
    /// A spent refresh token brings another pair until time has passed.
    pub grace: bool,
    /// A refresh leaves the old access token as it is.
    pub old_access_token_lives_on: bool,
    /// A revocation ends only the pair whose access token is sent, and not all of the sign-in. A refresh then ends the old access
    /// token in any case: nobody keeps it, to revoke it later.
    pub revokes_one_pair: bool,
}

/// Faults to plant, to see that they are found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// A write that lands late holds nothing back: its right to write is given up with the caller's wait.
    pub late_write_holds_nothing: bool,
    /// A record in the store is taken over because it differs from memory, also if it is older.
    pub takes_over_older: bool,
    /// What has ended is removed by its key, whoever's record is there.
    pub removes_by_key: bool,
    /// Revocations are added and removed by their session and not by their pair.
    pub list_by_session: bool,
    /// The lock of a record is given back while a write that was made under it may still land.
    pub lock_ends_before_late_write: bool,
    /// A refresh goes by what was in memory when it began, and memory takes over an older pair.
    pub refresh_goes_by_memory_then: bool,
    /// A pair that the store has is written again because memory believes that it is not saved: over the mark of another refresh.
    pub same_pair_is_written_again: bool,
    /// A sign-out revokes an unsaved pair though the store has a newer one, or the same one with the mark of a refresh.
    pub sign_out_takes_memory: bool,
    /// A sign-out, or an end, ends also another session that is in memory.
    pub removal_takes_next: bool,
    /// A record of a session that has ended in this process counts as "nobody is signed in" for the next one.
    pub ended_record_is_taken: bool,
}

/// All that a search is about.
#[derive(Clone, Copy, Debug)]
pub struct Setup {
    /// How many processes share the store: 1 or 2.
    pub processes: u8,
    /// How much happens.
    pub bounds: Bounds,
    /// The host.
    pub host: HostRules,
    /// Planted faults; none by default.
    pub faults: Faults,
}

/// How the code of a process goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Planted faults.
    pub faults: Faults,
}

impl Setup {
    /// How the processes go on.
    pub fn rules(&self) -> Rules {
        Rules { faults: self.faults }
    }

    /// Two processes, a strict host and no faults, for as much as the bounds allow.
    pub fn of(bounds: Bounds) -> Self {
        Self { processes: 2, bounds, host: HostRules::default(), faults: Faults::default() }
    }
}
