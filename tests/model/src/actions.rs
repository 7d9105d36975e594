//! All that can happen next.

use crate::{
    attempt::{Answer, Refresh, Refusal, Trigger},
    delivery::{Loss, Next},
    host::SESSIONS,
    process::{Process, ProcessId},
    properties,
    setup::Setup,
    sign_out::SignOut,
    store::Patience,
    world::World,
};
use stateright::{Model, Property};

/// One thing that happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// The process reads the store into memory.
    Load(ProcessId),
    /// The process begins a refresh.
    BeginRefresh(ProcessId, Trigger),
    /// Its next step.
    StepRefresh(ProcessId, Patience),
    /// The host answers its request.
    HostRefreshes(ProcessId),
    /// The request, or the answer, is lost.
    LoseRefresh(ProcessId),
    /// The process begins to sign out this session.
    BeginSignOut(ProcessId, u8),
    /// Its next step.
    StepSignOut(ProcessId, Patience),
    /// The process begins to deliver what waits.
    BeginDelivery(ProcessId),
    /// Its next step, with what is lost on the way.
    StepDelivery(ProcessId, Option<Loss>),
    /// The next user signs in.
    SignIn(ProcessId),
    /// The process dies.
    Crash(ProcessId),
    /// A late write lands.
    Land,
    /// The first record is brought back.
    Restore,
    /// Everybody waits until every backoff is over.
    Wait,
}

impl Model for Setup {
    type State = World;
    type Action = Action;

    fn init_states(&self) -> Vec<World> {
        vec![World::new(self)]
    }

    fn actions(&self, world: &World, actions: &mut Vec<Action>) {
        if !properties::holds(self, world) {
            return;
        }
        let may_be_late = world.left.late_writes > 0 && world.store.late.is_none();
        for (n, process) in (0..).zip(&world.processes) {
            of_process(world, ProcessId(n), process, may_be_late, actions);
        }
        if world.store.late.is_some() {
            actions.push(Action::Land);
        }
        if world.left.restores > 0 {
            actions.push(Action::Restore);
        }
        if world.left.waits > 0 {
            actions.push(Action::Wait);
        }
    }

    fn next_state(&self, last: &World, action: Action) -> Option<World> {
        let mut world = last.clone();
        world.take(self, action);
        (world != *last).then_some(world)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        properties::all()
    }
}

/// What this process can do next, or what can happen to it.
fn of_process(world: &World, id: ProcessId, process: &Process, may_be_late: bool, actions: &mut Vec<Action>) {
    let left = &world.left;
    let with_patience =
        |writes: bool, action: fn(ProcessId, Patience) -> Action, actions: &mut Vec<Action>| {
            actions.push(action(id, Patience::Waits));
            if writes && may_be_late {
                actions.push(action(id, Patience::GivesUp));
            }
        };
    actions.push(Action::Load(id));
    match process.refresh {
        None if left.refreshes > 0 && process.active.is_some() => {
            actions.push(Action::BeginRefresh(id, Trigger::Explicit));
            actions.push(Action::BeginRefresh(id, Trigger::Proactive));
        }
        None => {}
        Some(Refresh::Asked(_)) => actions.push(Action::HostRefreshes(id)),
        Some(refresh) => {
            let writes = match refresh {
                Refresh::Lock(..) | Refresh::Asked(_) | Refresh::Answered(_, Answer::Refused(_)) => false,
                Refresh::Intend(attempt) => attempt.is_news(),
                Refresh::SaveInMemory(..) | Refresh::Answered(..) | Refresh::Failed(..) => true,
            };
            with_patience(writes, Action::StepRefresh, actions);
        }
    }
    let can_be_lost = match process.refresh {
        Some(Refresh::Asked(_)) => true,
        Some(Refresh::Answered(_, answer)) => answer != Answer::Refused(Refusal::Lost),
        _ => false,
    };
    if left.losses > 0 && can_be_lost {
        actions.push(Action::LoseRefresh(id));
    }
    match process.sign_out {
        None if left.sign_outs > 0 => {
            let known = (0..).zip(process.known).filter_map(|(session, known)| known.map(|_| session));
            actions.extend(known.map(|session| Action::BeginSignOut(id, session)));
        }
        None => {}
        Some(sign_out) => {
            with_patience(matches!(sign_out, SignOut::Remove(..)), Action::StepSignOut, actions);
        }
    }
    match &process.delivery {
        None if left.deliveries > 0 && !world.store.list.is_empty() => {
            actions.push(Action::BeginDelivery(id))
        }
        None => {}
        Some(delivery) => {
            actions.push(Action::StepDelivery(id, None));
            if left.losses > 0
                && matches!(delivery.next, Next::Send(_) | Next::Exchange(_) | Next::SendNew(_))
            {
                actions.push(Action::StepDelivery(id, Some(Loss::Request)));
                actions.push(Action::StepDelivery(id, Some(Loss::Answer)));
            }
        }
    }
    if left.sign_ins > 0 {
        actions.push(Action::SignIn(id));
    }
    if left.crashes > 0 {
        actions.push(Action::Crash(id));
    }
}

impl World {
    /// Lets it happen.
    fn take(&mut self, setup: &Setup, action: Action) {
        let rules = setup.rules();
        match action {
            Action::Load(by) => {
                let _unavailable = self.load_session(rules, by);
            }
            Action::BeginRefresh(by, trigger) => {
                if self.begin_refresh(by, trigger) {
                    self.left.refreshes -= 1;
                }
            }
            Action::StepRefresh(by, patience) => {
                self.step_refresh(setup, by, patience);
                self.count_late(patience);
            }
            Action::HostRefreshes(by) => self.host_refreshes(setup, by),
            Action::LoseRefresh(by) => {
                self.left.losses -= 1;
                self.lose_refresh(by);
            }
            Action::BeginSignOut(by, session) => {
                self.left.sign_outs -= 1;
                self.begin_sign_out(setup, by, session);
            }
            Action::StepSignOut(by, patience) => {
                self.step_sign_out(setup, by, patience);
                self.count_late(patience);
            }
            Action::BeginDelivery(by) => {
                self.left.deliveries -= 1;
                self.begin_delivery(by, None);
            }
            Action::StepDelivery(by, loss) => {
                if loss.is_some() {
                    self.left.losses -= 1;
                }
                self.step_delivery(setup, by, loss);
            }
            Action::SignIn(by) => {
                let session = u8::try_from(SESSIONS).unwrap_or(2) - self.left.sign_ins;
                self.left.sign_ins -= 1;
                self.sign_in(setup, by, session);
            }
            Action::Crash(by) => {
                self.left.crashes -= 1;
                self.crash(by);
            }
            Action::Land => self.land(),
            Action::Restore => {
                self.left.restores -= 1;
                self.restore();
            }
            Action::Wait => {
                self.left.waits -= 1;
                self.round += 1;
                self.host.end_grace();
            }
        }
    }

    fn count_late(&mut self, patience: Patience) {
        if patience == Patience::GivesUp {
            self.left.late_writes -= 1;
        }
    }
}
