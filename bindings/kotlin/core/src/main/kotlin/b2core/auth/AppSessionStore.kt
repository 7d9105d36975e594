package b2core.auth

import b2core.auth.ffi.LoadResult
import b2core.auth.ffi.SessionStore
import b2core.auth.ffi.StoreChoice
import b2core.auth.ffi.StoreException
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.isActive

/**
 * A store of the app's own, such as one on Android's Keystore. It keeps bytes by name; they hold tokens, so it has to
 * seal them. Names have slashes and colons in them: they are no names of files.
 *
 * Records of one name are written one at a time in the whole process, whatever stores they are reached through.
 *
 * Whatever these functions throw arrives as an error of the call that needed the store, without its text: a device that
 * is locked should say [unavailable], anything else is a store that failed. They run on `Dispatchers.Default`: what
 * blocks its thread belongs into `withContext(Dispatchers.IO)`.
 */
public abstract class AppSessionStore : Store() {
    /** Reads what was saved under this name; null if nothing was. */
    public abstract suspend fun load(name: String): ByteArray?

    /** Writes, wholly or not at all. */
    public abstract suspend fun save(name: String, data: ByteArray)

    /** Removes. Nothing there is no error. */
    public abstract suspend fun remove(name: String)

    /** The names of all that is there. Names that are not ours do no harm. */
    public abstract suspend fun names(): Collection<String>

    /** Says "not now, try again later", which is never taken for signed out. */
    protected fun unavailable(): Nothing = throw StoreException.Unavailable()

    final override fun <R> choice(use: (StoreChoice) -> R): R = use(StoreChoice.Custom(Bridge(this)))

    override fun toString(): String = "AppSessionStore"

    private class Bridge(private val store: AppSessionStore) : SessionStore {
        override suspend fun load(name: String): LoadResult = answering {
            store.load(name)?.let { LoadResult.Found(it) } ?: LoadResult.Missing
        }

        override suspend fun save(name: String, data: ByteArray): Unit = answering { store.save(name, data) }

        override suspend fun remove(name: String): Unit = answering { store.remove(name) }

        override suspend fun names(): List<String> = answering { store.names().toList() }
    }
}

/** Lets nothing but its own exception out; what is no `Exception` would otherwise never be answered at all. */
private suspend fun <T> answering(call: suspend () -> T): T =
    try {
        call()
    } catch (e: StoreException) {
        throw e
    } catch (_: TimeoutCancellationException) {
        throw StoreException.Unavailable()
    } catch (e: CancellationException) {
        throw if (currentCoroutineContext().isActive) StoreException.Failed() else e
    } catch (_: Throwable) {
        throw StoreException.Failed()
    }
