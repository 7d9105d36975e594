//! The rules as they are.
use session_model::{search::*, setup::*};

fn go(name: &str, setup: Setup) {
    let found = search(setup);
    println!("== {name}: {} states {} s {:?}", found.states, found.seconds, found.reached);
    if !found.broken.is_empty() {
      let found = search_fault(setup);
    for (name, way) in &found.broken { println!("BROKEN {name}\n{way}"); }
    }
}
#[test]
fn probe() {
    let b = Budget::default();
    let m = |budget| Setup { mended: Mended::ALL, ..Setup::of(budget) };
    let one = |budget| Setup { processes: 1, ..m(budget) };
    go("A", m(Budget { refreshes: 3, losses: 1, crashes: 1, restores: 1, ..b }));
    go("B", m(Budget { refreshes: 2, sign_outs: 1, deliveries: 1, waits: 1, ..b }));
    go("C", m(Budget { refreshes: 2, sign_outs: 1, sign_ins: 1, restores: 1, ..b }));
    go("D", one(Budget { refreshes: 2, sign_outs: 1, sign_ins: 1, late_writes: 1, crashes: 1, restores: 1, ..b }));
    go("F", m(Budget { refreshes: 3, late_writes: 1, crashes: 1, losses:1, ..b }));
    go("G", m(Budget { refreshes: 2, late_writes: 1, sign_outs: 1, ..b }));
    go("H", m(Budget { refreshes: 1, late_writes: 1, sign_ins: 1,  ..b }));
}
