//! The faults that are set, and how often each has met a request.

use serde::{Serialize, Serializer};

use super::{Fault, Spot};

/// A fault that is set, and what it has done so far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct FaultState {
    /// The fault.
    #[serde(serialize_with = "text")]
    pub fault: Fault,
    /// How many requests came to where it is set.
    pub seen: u64,
    /// On how many of them it acted.
    pub acted: u64,
}

/// All faults that are set, oldest first.
#[derive(Default)]
pub(crate) struct Rules {
    list: Vec<FaultState>,
}

impl Rules {
    pub(crate) fn add(&mut self, fault: Fault) {
        self.list.push(FaultState { fault, seen: 0, acted: 0 });
    }

    pub(crate) fn clear(&mut self) {
        self.list.clear();
    }

    pub(crate) fn all(&self) -> &[FaultState] {
        &self.list
    }

    /// Counts a request, and gives the fault that acts on it: the oldest that is due.
    pub(crate) fn next(&mut self, spot: Spot) -> Option<Fault> {
        let mut acting = None;
        for state in self.list.iter_mut().filter(|state| state.fault.is_at(spot)) {
            state.seen += 1;
            let is_due =
                state.seen > state.fault.after && state.fault.times.is_none_or(|times| state.acted < times);
            if acting.is_none() && is_due {
                state.acted += 1;
                acting = Some(state.fault.clone());
            }
        }
        acting
    }
}

fn text<S: Serializer>(fault: &Fault, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(fault)
}

#[cfg(test)]
mod tests {
    use super::super::{Act, Endpoint};
    use super::*;
    use crate::users::Office;

    const SIGN_IN: Spot = Spot { office: Some(Office::Front), endpoint: Some(Endpoint::SignIn) };
    const UNKNOWN: Spot = Spot { office: None, endpoint: None };

    fn status(code: u16) -> Fault {
        Fault::at(Endpoint::SignIn, Act::status(code))
    }

    fn codes(rules: &mut Rules, spots: &[Spot]) -> Vec<Option<u16>> {
        let code = |fault: Fault| match fault.act {
            Act::Status { code, .. } => code,
            _ => 0,
        };
        spots.iter().map(|spot| rules.next(*spot).map(code)).collect()
    }

    #[test]
    fn one_acts_after_the_other() {
        let mut rules = Rules::default();
        rules.add(status(501).times(1).after(1));
        rules.add(status(502).times(2));
        assert_eq!(codes(&mut rules, &[SIGN_IN; 5]), [Some(502), Some(501), Some(502), None, None]);
        assert_eq!(
            rules.all().iter().map(|state| (state.seen, state.acted)).collect::<Vec<_>>(),
            [(5, 1), (5, 2)]
        );
    }

    #[test]
    fn a_fault_acts_where_it_is_set_and_until_it_is_cleared() {
        let back = Spot { office: Some(Office::Back), ..SIGN_IN };
        let mut rules = Rules::default();
        rules.add(status(501).office(Office::Back));
        assert_eq!(codes(&mut rules, &[SIGN_IN, UNKNOWN, back, back]), [None, None, Some(501), Some(501)]);
        rules.add(Fault::anywhere(Act::status(502)));
        assert_eq!(codes(&mut rules, &[SIGN_IN, UNKNOWN, back]), [Some(502), Some(502), Some(501)]);
        rules.clear();
        assert_eq!(codes(&mut rules, &[SIGN_IN, UNKNOWN, back]), [None; 3]);
    }
}
