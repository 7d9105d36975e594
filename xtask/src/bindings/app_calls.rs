//! Where Kotlin's side of the border runs what an app has written: its store, transport, live channel, prompt.
//!
//! uniffi launches these calls in `GlobalScope`, on `Dispatchers.Default`, which has as many threads as the machine has cores. An
//! app that blocks all of them while it waits for a token, as an HTTP client's interceptor does, would wait for its own
//! store. So the generated code gets another scope under that name.

use std::fs;
use std::path::Path;

use super::{files, io_failure};
use crate::shell::Failure;

const THEIRS: &str = "import kotlinx.coroutines.GlobalScope\n";
const OURS: &str = "import b2core.auth.ffi.AppCallScope as GlobalScope\n";

/// The scope, as a file beside the generated one.
const SCOPE: &str = "\
package b2core.auth.ffi

import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlin.coroutines.CoroutineContext

/** Where an app's own calls run: on threads that are there however many of the app's threads are blocked. */
internal object AppCallScope : CoroutineScope {
    private const val THREADS = 64

    private val dispatcher: CoroutineDispatcher = Dispatchers.IO.limitedParallelism(THREADS, \"b2core-auth-app\")

    override val coroutineContext: CoroutineContext get() = dispatcher
}
";

/// Changes the generated files of a folder, if they make such calls.
pub(super) fn move_to_own_threads(root: &Path, folder: &Path) -> Result<(), Failure> {
    for file in files(root, folder)? {
        let path = root.join(&file);
        let text = fs::read_to_string(&path).map_err(|cause| io_failure(&path, &cause))?;
        if !text.contains("GlobalScope") {
            continue;
        }
        if text.matches(THEIRS).count() != 1 {
            return Err(Failure::new(format!("{}: does not import GlobalScope as expected", path.display())));
        }
        fs::write(&path, text.replace(THEIRS, OURS)).map_err(|cause| io_failure(&path, &cause))?;
        let scope = path.with_file_name("AppCallScope.kt");
        fs::write(&scope, SCOPE).map_err(|cause| io_failure(&scope, &cause))?;
    }
    Ok(())
}
