package b2core.auth.samples

import androidx.lifecycle.SavedStateHandle
import app.cash.turbine.ReceiveTurbine
import b2core.auth.AuthClient
import b2core.auth.Office
import b2core.auth.Store
import b2core.auth.test.Sandbox
import b2core.auth.samples.support.Screens
import b2core.auth.samples.support.screens
import b2core.auth.samples.support.until
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.nio.file.Path
import kotlin.test.assertEquals
import kotlin.test.assertNotNull
import kotlin.test.assertNull

class SignInViewModelTest {
    @TempDir
    lateinit var folder: Path

    private fun Screens.client(): AuthClient = sandbox.client(Store.File(folder.resolve("sessions").toString(), "key"))

    private suspend fun Screens.signIn(saved: SavedStateHandle = SavedStateHandle()): SignInViewModel =
        screen { SignInViewModel(client(), saved) }

    @Test
    fun fromTheFormToTheSession() = screens {
        val model = signIn()
        watch(model.state) {
            until { it.idleAt<SignInScreen.Credentials>() }
            tap { model.onEvent(SignInEvent.EmailTyped(Sandbox.PLAIN)) }
            assertEquals(SignInScreen.Credentials(Sandbox.PLAIN), awaitItem().screen)
            tap { model.onEvent(SignInEvent.SubmitPassword("wrong")) }
            assertNotNull(until { it.message != null }.message)
            until { it.idleAt<SignInScreen.Credentials>() }
            tap { model.onEvent(SignInEvent.SubmitPassword(Sandbox.PASSWORD)) }
            val state = until { it.idleAt<SignInScreen.SignedIn>() }
            assertEquals(SignInUiState(SignInScreen.SignedIn(Sandbox.PLAIN)), state)
            tap { model.onEvent(SignInEvent.SignOut) }
            until { it.idleAt<SignInScreen.Credentials>() }
        }
        assertNull(client().session(Office.FRONT))
    }

    @Test
    fun aKilledProcessGoesOnAtTheCode() = screens {
        val saved = SavedStateHandle()
        val first = signIn(saved)
        watch(first.state) { toTheCode(this@screens, first) }
        assertEquals(mapOf("email" to Sandbox.SMS), saved.keys().associateWith { saved.get<Any>(it) }, "nothing else")

        // What the system has kept, in a new process.
        val model = signIn(SavedStateHandle(saved.keys().associateWith { saved.get<Any>(it) }))
        watch(model.state) {
            until { it.idleAt<SignInScreen.Code>() }
            tap { model.onEvent(SignInEvent.SubmitCode("000000")) }
            assertNotNull(until { it.message != null }.message)
            until { it.idleAt<SignInScreen.Code>() }
            tap { model.onEvent(SignInEvent.SubmitCode(sandbox.lastCode(Sandbox.SMS)!!)) }
            until { it.idleAt<SignInScreen.SignedIn>() }
        }
        watch(signIn().state) { until { it.idleAt<SignInScreen.SignedIn>() } }
    }

    @Test
    fun aTypedEmailOutlivesTheProcess() = screens {
        val model = signIn(SavedStateHandle(mapOf("email" to "ann@example.org")))
        watch(model.state) {
            assertEquals(SignInScreen.Credentials("ann@example.org"), until { it.idleAt<SignInScreen.Credentials>() }.screen)
        }
    }

    @Test
    fun startingOverForgetsThePendingStep() = screens {
        val model = signIn()
        watch(model.state) {
            toTheCode(this@screens, model)
            tap { model.onEvent(SignInEvent.StartOver) }
            until { it.idleAt<SignInScreen.Credentials>() }
        }
        assertNull(client().resumeSignIn(Office.FRONT))
    }

    @Test
    fun secretsAreNotPrinted() {
        assertEquals("SubmitPassword", SignInEvent.SubmitPassword(Sandbox.PASSWORD).toString())
        assertEquals("SubmitCode", SignInEvent.SubmitCode("123456").toString())
        val state = SignInUiState(SignInScreen.Credentials("ann@example.org"))
        assertEquals("SignInUiState(screen=Credentials, isBusy=false, message=null)", state.toString())
    }

    private suspend fun ReceiveTurbine<SignInUiState>.toTheCode(screens: Screens, model: SignInViewModel) {
        until { it.idleAt<SignInScreen.Credentials>() }
        screens.tap {
            model.onEvent(SignInEvent.EmailTyped(Sandbox.SMS))
            model.onEvent(SignInEvent.SubmitPassword(Sandbox.PASSWORD))
        }
        until { it.idleAt<SignInScreen.Code>() }
    }

    private inline fun <reified T : SignInScreen> SignInUiState.idleAt() = screen is T && !isBusy
}
