package b2core.auth.bench

import b2core.auth.AccessToken
import b2core.auth.AttemptLimits
import b2core.auth.Office
import b2core.auth.Session
import b2core.auth.support.MapStore
import b2core.auth.support.Sandbox
import b2core.auth.support.client
import b2core.auth.support.signedIn
import b2core.auth.support.until
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.withContext
import kotlin.time.Duration
import kotlin.time.Duration.Companion.minutes

private const val LATENCY_MS = 200
private const val ROUNDS = 7

/** How long ten thousand who want a token at once wait for the one refresh, as a multiple of the host's latency. */
suspend fun crowds() = Sandbox.start().use { sandbox ->
    val crowds = Crowds(sandbox)
    println("callers at once, the refresh takes $LATENCY_MS ms; median of $ROUNDS rounds after a warm-up")
    for (size in listOf(1, 1_000, 10_000)) {
        crowds.measure("the token is expired", size, 16.minutes) { session, _ -> { session().accessToken() } }
        crowds.measure("and the client is cold", size, 16.minutes) { _, cold -> { cold().use { it.accessToken() } } }
        crowds.measure("the host refused the token", size, 5.minutes) { session, _ ->
            val refused = session().accessToken();
            { session().replaceRejectedToken(refused) }
        }
        crowds.measure("and the first one leaves", size, 16.minutes) { session, _ ->
            val (first, before) = session() to sandbox.requests("/refresh")
            val leader = CoroutineScope(Dispatchers.Default)
                .async(start = CoroutineStart.UNDISPATCHED) { first.accessToken() }
            until { sandbox.requests("/refresh") > before }
            leader.cancel();
            { first.accessToken() }
        }
    }
}

private class Crowds(private val sandbox: Sandbox) {
    suspend fun measure(
        what: String,
        size: Int,
        age: Duration,
        prepare: suspend (suspend () -> Session, suspend () -> Session) -> suspend () -> AccessToken,
    ) {
        val rounds = (0..ROUNDS).map { round(size, age, prepare) }.drop(1).sorted()
        val (median, worst) = rounds[ROUNDS / 2] to rounds.last()
        println("  %6d  %-28s %7.0f ms = %5.2f times; worst %5.2f".format(
            size, what, median, median / LATENCY_MS, worst / LATENCY_MS,
        ))
    }

    private suspend fun round(
        size: Int,
        age: Duration,
        prepare: suspend (suspend () -> Session, suspend () -> Session) -> suspend () -> AccessToken,
    ): Double {
        sandbox.clearFaults()
        val store = MapStore()
        client(sandbox.host, store).signedIn()
        store.age(age)
        val client = client(sandbox.host, store) { limits = AttemptLimits(refresh = 0) }
        val session = client.session(Office.FRONT)!!
        val cold = client(sandbox.host, store)
        sandbox.fault("refresh:delay=${LATENCY_MS}ms")
        val before = sandbox.requests("/refresh")
        val call = prepare({ session }, { cold.session(Office.FRONT)!! })
        val begin = System.nanoTime()
        val tokens = withContext(Dispatchers.Default) { List(size) { async { call().value } }.awaitAll() }
        val took = (System.nanoTime() - begin) / 1e6
        check(tokens.toSet().size == 1 && sandbox.requests("/refresh") == before + 1)
        return took
    }
}
