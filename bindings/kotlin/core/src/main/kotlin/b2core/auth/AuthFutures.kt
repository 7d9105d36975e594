package b2core.auth

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flowOn
import kotlinx.coroutines.future.await
import kotlinx.coroutines.future.future
import kotlinx.coroutines.withContext
import java.time.Duration
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletionStage
import java.util.concurrent.Executor
import java.util.function.BiFunction
import java.util.function.Consumer
import java.util.function.Function

/**
 * The suspending calls of this package for Java: each as a [CompletableFuture] with the same name.
 *
 * ```java
 * AuthFutures.session(client, Office.FRONT)
 *     .thenCompose(AuthFutures::accessToken)
 *     .thenAcceptAsync(token -> show(token), mainExecutor);
 * ```
 *
 * A future fails with the [AuthException] of the call; `get` and `join` wrap it as usual. Cancelling the future cancels the call.
 * What is chained without an executor runs on a thread of this library's, and may block it for a while.
 */
public object AuthFutures {
    /** Threads that are there however many of the app's threads wait for a result. */
    private val threads = Dispatchers.IO.limitedParallelism(64, "b2core-auth-futures")

    private val scope = CoroutineScope(SupervisorJob() + threads)

    private fun <T> call(body: suspend () -> T): CompletableFuture<T> = scope.future { body() }

    private fun done(body: suspend () -> Unit): CompletableFuture<Void?> = scope.future {
        body()
        null
    }

    // Of a client.

    /** [AuthClient.resumeSignIn]: null if there is none. */
    @JvmStatic
    public fun resumeSignIn(client: AuthClient, office: Office): CompletableFuture<SignIn?> =
        call { client.resumeSignIn(office) }

    /** [AuthClient.session]: null if nobody is signed in. */
    @JvmStatic
    public fun session(client: AuthClient, office: Office): CompletableFuture<Session?> = call { client.session(office) }

    /**
     * [AuthClient.authStateChanges]: the current state, then each change, on the [executor], until the future is cancelled. It fails if
     * the client was closed, or with what the listener or the executor throws.
     */
    @JvmStatic
    public fun authStateChanges(
        client: AuthClient,
        office: Office,
        executor: Executor,
        listener: Consumer<StateChange>,
    ): CompletableFuture<Void?> = done { client.authStateChanges(office).collectOn(executor, listener) }

    /** [AuthClient.accounts]. */
    @JvmStatic
    public fun accounts(client: AuthClient): CompletableFuture<List<AccountKey>> = call { client.accounts() }

    /** [AuthClient.deliverPendingRevocations]. */
    @JvmStatic
    public fun deliverPendingRevocations(client: AuthClient, office: Office): CompletableFuture<PendingRevocations> =
        call { client.deliverPendingRevocations(office) }

    /** [AuthClient.waitForRefresh]. */
    @JvmStatic
    public fun waitForRefresh(client: AuthClient): CompletableFuture<Void?> = done { client.waitForRefresh() }

    /** [AuthClient.signOut]. */
    @JvmStatic
    public fun signOut(client: AuthClient, office: Office): CompletableFuture<SignedOut> = call { client.signOut(office) }

    // Of a session.

    /** [Session.accessToken]. */
    @JvmStatic
    public fun accessToken(session: Session): CompletableFuture<AccessToken> = call { session.accessToken() }

    /** [Session.accessTokenWithMinTtl]. */
    @JvmStatic
    public fun accessTokenWithMinTtl(session: Session, minTtl: Duration): CompletableFuture<AccessToken> =
        call { session.accessTokenWithMinTtl(minTtl) }

    /** [Session.replaceRejectedToken]. */
    @JvmStatic
    public fun replaceRejectedToken(session: Session, rejected: AccessToken): CompletableFuture<AccessToken> =
        call { session.replaceRejectedToken(rejected) }

    /** [Session.refresh]. */
    @JvmStatic
    public fun refresh(session: Session): CompletableFuture<Void?> = done { session.refresh() }

    /** [Session.autoRefresh]: completes with the reason when the user has to sign in again. Cancel it to stop. */
    @JvmStatic
    public fun autoRefresh(session: Session): CompletableFuture<AuthException> = call { session.autoRefresh() }

    /** [Session.inspectQr]. */
    @JvmStatic
    public fun inspectQr(session: Session, scanned: String, source: ScanSource): CompletableFuture<QrRequest> =
        call { session.inspectQr(scanned, source) }

    /** [Session.waitForRefresh]. */
    @JvmStatic
    public fun waitForRefresh(session: Session): CompletableFuture<Void?> = done { session.waitForRefresh() }

    /** [Session.signOut]. */
    @JvmStatic
    public fun signOut(session: Session): CompletableFuture<SignedOut> = call { session.signOut() }

    // For the requests of an HTTP client.

    /** [TokenSource.current]: null if nobody is signed in. */
    @JvmStatic
    public fun current(source: TokenSource): CompletableFuture<RequestToken?> = call { source.current() }

    /** [RequestToken.replacement]: null if another attempt is of no use. */
    @JvmStatic
    public fun replacement(token: RequestToken): CompletableFuture<RequestToken?> = call { token.replacement() }

    // Of a sign-in and its steps.

    /** [SignIn.save]. */
    @JvmStatic
    public fun save(signIn: SignIn): CompletableFuture<Void?> = done { signIn.save() }

    /** [SignIn.abandon]. */
    @JvmStatic
    public fun abandon(signIn: SignIn): CompletableFuture<Void?> = done { signIn.abandon() }

    /** [SignInStep.Start.open]. */
    @JvmStatic
    public fun open(step: SignInStep.Start): CompletableFuture<SignInStep> = call { step.open() }

    /** [SignInStep.Credentials.submit]. */
    @JvmStatic
    @JvmOverloads
    public fun submit(
        step: SignInStep.Credentials,
        email: String,
        password: String,
        recaptcha: String? = null,
    ): CompletableFuture<SignInStep> = call { step.submit(email, password, recaptcha) }

    /** [SignInStep.ChooseMethod.choose]. */
    @JvmStatic
    public fun choose(step: SignInStep.ChooseMethod, method: TwoFactorMethod): CompletableFuture<SignInStep> =
        call { step.choose(method) }

    /** [SignInStep.Code.submit]. */
    @JvmStatic
    public fun submit(step: SignInStep.Code, code: String): CompletableFuture<SignInStep> = call { step.submit(code) }

    /** [SignInStep.Code.anotherCodeAfterSeconds]. */
    @JvmStatic
    public fun anotherCodeAfterSeconds(step: SignInStep.Code): CompletableFuture<Long> =
        call { step.anotherCodeAfterSeconds() }

    /** [SignInStep.Code.choose]. */
    @JvmStatic
    public fun choose(step: SignInStep.Code, method: TwoFactorMethod): CompletableFuture<SignInStep> =
        call { step.choose(method) }

    /** [SignInStep.MailedCode.submit]. */
    @JvmStatic
    public fun submit(step: SignInStep.MailedCode, code: String): CompletableFuture<SignInStep> = call { step.submit(code) }

    /** [SignInStep.ResetCode.submit]. */
    @JvmStatic
    public fun submit(step: SignInStep.ResetCode, code: String): CompletableFuture<SignInStep> = call { step.submit(code) }

    /** [SignInStep.NewPassword.submit]. */
    @JvmStatic
    public fun submit(step: SignInStep.NewPassword, password: String): CompletableFuture<SignInStep> =
        call { step.submit(password) }

    // Of a QR sign-in.

    /**
     * [QrSignIn.states]: each state on the [executor]. Completes after the last state, or fails with the [AuthException] that
     * ended it. Cancel it to stop watching; [QrSignIn.cancel] ends the sign-in.
     */
    @JvmStatic
    public fun states(signIn: QrSignIn, executor: Executor, listener: Consumer<QrState>): CompletableFuture<Void?> =
        done { signIn.states.collectOn(executor, listener) }

    /** [QrRequest.approve]. */
    @JvmStatic
    public fun approve(request: QrRequest): CompletableFuture<Void?> = done { request.approve() }

    /** [QrRequest.decline]. */
    @JvmStatic
    public fun decline(request: QrRequest): CompletableFuture<Boolean> = call { request.decline() }

    // What an app gives.

    /** A [UserPresence] that answers by a future. */
    @JvmStatic
    public fun userPresence(confirm: Function<QrDetails, CompletionStage<Boolean>>): UserPresence =
        UserPresence { confirm.apply(it).await() }

    /** An [ApprovalChannel] whose watch ends with its future, which is cancelled when nobody waits any more. */
    @JvmStatic
    public fun approvalChannel(
        watch: BiFunction<ChannelSubscription, ChannelEvents, CompletionStage<ChannelProblem>>,
    ): ApprovalChannel = ApprovalChannel { subscription, events -> watch.apply(subscription, events).await() }

    private suspend fun <T> Flow<T>.collectOn(executor: Executor, listener: Consumer<T>) {
        val upstream = flowOn(threads)
        withContext(executor.asCoroutineDispatcher()) { upstream.collect(listener::accept) }
    }
}
