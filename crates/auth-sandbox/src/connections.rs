//! How many connections there are, and which of them goes when there are too many: the one that has waited for a request the
//! longest. So idle connections and halves of heads, from whomever, do not keep others out.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::task::AbortHandle;

/// How many there may be. Each takes a file, of which a process often has no more than 1,024, and the rest are not all ours.
pub(crate) const MOST: usize = 512;

/// All connections of one sandbox.
#[derive(Default)]
pub(crate) struct Connections(Mutex<Table>);

#[derive(Default)]
struct Table {
    open: HashMap<u64, Open>,
    /// Counts connections, and the times that one began to wait.
    count: u64,
}

struct Open {
    /// Ends it; none for the moment before its task is known.
    end: Option<AbortHandle>,
    /// Since when it waits for a request, by `count`; none while it answers one or carries a WebSocket.
    waits_since: Option<u64>,
}

/// One connection's place among them, given back when it is dropped.
#[derive(Clone)]
pub(crate) struct Seat(Arc<Taken>);

struct Taken {
    connections: Arc<Connections>,
    id: u64,
}

impl Connections {
    /// A place for a new connection, for which an idle one may have to go. `None` if all are at work.
    pub(crate) fn seat(self: &Arc<Self>) -> Option<Seat> {
        let mut table = self.table();
        if table.open.len() >= MOST && !table.end_idle() {
            return None;
        }
        table.count += 1;
        let id = table.count;
        table.open.insert(id, Open { end: None, waits_since: Some(id) });
        Some(Seat(Arc::new(Taken { connections: Arc::clone(self), id })))
    }

    /// Ends some of those that wait, longest first: the process has no more files.
    pub(crate) fn make_room(&self) {
        let mut table = self.table();
        for _ in 0..table.open.len().div_ceil(8) {
            if !table.end_idle() {
                break;
            }
        }
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Table {
    /// Ends the connection that has waited the longest; false if none waits.
    fn end_idle(&mut self) -> bool {
        let waiting = self.open.iter().filter_map(|(id, open)| Some((open.waits_since?, *id)));
        let Some((_, id)) = waiting.min() else { return false };
        if let Some(Open { end: Some(end), .. }) = self.open.remove(&id) {
            end.abort();
        }
        true
    }
}

impl Seat {
    /// Says which task serves the connection.
    pub(crate) fn is_served_by(&self, end: AbortHandle) {
        if let Some(open) = self.0.connections.table().open.get_mut(&self.0.id) {
            open.end = Some(end);
        }
    }

    /// A whole request was read: until it is answered, or for good if another protocol takes the connection, it is not ended for
    /// others.
    pub(crate) fn works(&self) {
        if let Some(open) = self.0.connections.table().open.get_mut(&self.0.id) {
            open.waits_since = None;
        }
    }

    /// The request is answered.
    pub(crate) fn waits(&self) {
        let mut table = self.0.connections.table();
        table.count += 1;
        let count = table.count;
        if let Some(open) = table.open.get_mut(&self.0.id) {
            open.waits_since = Some(count);
        }
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.connections.table().open.remove(&self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(connections: &Connections) -> Vec<u64> {
        let mut open: Vec<u64> = connections.table().open.keys().copied().collect();
        open.sort_unstable();
        open
    }

    #[test]
    fn the_one_that_waited_longest_goes_and_none_that_works() {
        let connections = Arc::new(Connections::default());
        let places: Vec<Seat> = (0..MOST).map(|_| connections.seat().unwrap()).collect();
        let ids: Vec<u64> = places.iter().map(|seat| seat.0.id).collect();
        places[0].works();
        places[1].works();
        places[1].waits();
        let next = connections.seat().unwrap();
        assert!(open(&connections).contains(&ids[0]) && open(&connections).contains(&ids[1]));
        assert!(!open(&connections).contains(&ids[2]));
        places.iter().for_each(Seat::works);
        next.works();
        assert!(connections.seat().is_none(), "all are at work");
        drop(places);
        assert_eq!(open(&connections), [next.0.id]);
    }

    #[test]
    fn room_is_made_of_those_that_wait() {
        let connections = Arc::new(Connections::default());
        let places: Vec<Seat> = (0..20).map(|_| connections.seat().unwrap()).collect();
        places[0].works();
        connections.make_room();
        assert_eq!(open(&connections).len(), 17);
        assert!(open(&connections).contains(&places[0].0.id));
    }
}
