package b2core.auth.ffi

import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlin.coroutines.CoroutineContext

/** Where an app's own calls run: on threads that are there however many of the app's threads are blocked. */
internal object AppCallScope : CoroutineScope {
    private const val THREADS = 64

    private val dispatcher: CoroutineDispatcher = Dispatchers.IO.limitedParallelism(THREADS, "b2core-auth-app")

    override val coroutineContext: CoroutineContext get() = dispatcher
}
