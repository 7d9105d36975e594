package b2core.auth.samples.support

import b2core.auth.test.Sandbox
import androidx.lifecycle.ViewModel
import androidx.lifecycle.ViewModelStore
import app.cash.turbine.ReceiveTurbine
import app.cash.turbine.turbineScope
import app.cash.turbine.withTurbineTimeout
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExecutorCoroutineDispatcher
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.test.resetMain
import kotlinx.coroutines.test.setMain
import kotlinx.coroutines.withContext
import java.util.concurrent.Executors
import kotlin.time.Duration.Companion.minutes

/** Screens on a main thread of their own, at a sandbox. The timeout only ends what hangs. */
@OptIn(ExperimentalCoroutinesApi::class)
fun screens(body: suspend Screens.() -> Unit) {
    val main = Executors.newSingleThreadExecutor().asCoroutineDispatcher()
    Dispatchers.setMain(main)
    try {
        Sandbox().use { sandbox ->
            runBlocking {
                withTurbineTimeout(2.minutes) { Screens(sandbox, main).apply { body(); close() } }
            }
        }
    } finally {
        Dispatchers.resetMain()
        main.close()
    }
}

class Screens(val sandbox: Sandbox, private val main: ExecutorCoroutineDispatcher) {
    private val models = ViewModelStore()
    private var count = 0

    /** Makes a view model, as the system does: on the main thread. */
    suspend fun <T : ViewModel> screen(make: () -> T): T =
        withContext(main) { make().also { models.put("${count++}", it) } }

    /** Does what a tap does. */
    suspend fun tap(what: () -> Unit): Unit = withContext(main) { what() }

    /** The screens are gone for good. */
    suspend fun close(): Unit = withContext(main) { models.clear() }

    /** Collects the states until the end of [body]. */
    suspend fun <T> watch(state: StateFlow<T>, body: suspend ReceiveTurbine<T>.() -> Unit): Unit = turbineScope {
        state.testIn(this).apply { body(); cancelAndIgnoreRemainingEvents() }
    }
}

/** The next state that is so; those before it are passed over. */
suspend fun <T> ReceiveTurbine<T>.until(isIt: (T) -> Boolean): T {
    while (true) awaitItem().let { if (isIt(it)) return it }
}
