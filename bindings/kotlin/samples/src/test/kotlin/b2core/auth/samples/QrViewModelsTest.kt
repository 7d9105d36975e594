package b2core.auth.samples

import b2core.auth.AuthClient
import b2core.auth.ScanSource
import b2core.auth.Store
import b2core.auth.UserPresence
import b2core.auth.samples.support.Screens
import b2core.auth.test.Sandbox
import b2core.auth.samples.support.scanned
import b2core.auth.samples.support.screens
import b2core.auth.samples.support.until
import app.cash.turbine.ReceiveTurbine
import org.junit.jupiter.api.Test
import kotlin.test.assertEquals
import kotlin.test.assertNotEquals
import kotlin.test.assertNotNull
import kotlin.test.assertTrue

/** Both roles of QR sign-in, screen to screen. */
class QrViewModelsTest {
    /** What a camera sees of the display once it shows a code. */
    private suspend fun ReceiveTurbine<QrDisplayUiState>.payload(): String =
        scanned((until { it is QrDisplayUiState.Code } as QrDisplayUiState.Code).matrix)

    private suspend fun Screens.display(): QrDisplayViewModel =
        screen { QrDisplayViewModel(sandbox.client(Store.Memory)) }

    private suspend fun Screens.phone(presence: UserPresence? = null): AuthClient {
        val client = AuthClient(sandbox.host, Store.Memory) {
            userPresence = presence
            qrOptions = mapOf("inspect" to "true", "decline" to "true")
        }
        sandbox.signIn(client)
        return client
    }

    @Test
    fun anApprovalSignsTheDisplayIn() = screens {
        val client = phone()
        val display = display()
        val approver = screen { QrApproverViewModel(client) }
        watch(display.state) {
            tap { display.start(); display.start() }
            val payload = payload()
            watch(approver.state) {
                tap { repeat(3) { approver.onScanned(payload, ScanSource.CAMERA) } }
                val asking = until { it is QrApproverUiState.Asking } as QrApproverUiState.Asking
                assertTrue(Sandbox.PLAIN in asking.question, asking.question)
                tap { approver.approve(); approver.approve(); approver.decline() }
                until { it is QrApproverUiState.Approved }
            }
            assertEquals(QrDisplayUiState.SignedIn(Sandbox.PLAIN), until { it is QrDisplayUiState.SignedIn })
        }
    }

    @Test
    fun aDeclineReachesTheDisplay() = screens {
        val client = phone()
        val display = display()
        val approver = screen { QrApproverViewModel(client) }
        watch(display.state) {
            tap { display.start() }
            val payload = payload()
            watch(approver.state) {
                tap { approver.onScanned(payload, ScanSource.LINK) }
                val asking = until { it is QrApproverUiState.Asking } as QrApproverUiState.Asking
                assertTrue(asking.warnings.isNotEmpty(), "a link is a risk")
                tap { approver.decline() }
                until { it is QrApproverUiState.Declined }
            }
            until { it is QrDisplayUiState.Declined }
        }
    }

    @Test
    fun aDisplayThatIsStoppedShowsNothing() = screens {
        val client = phone()
        val display = display()
        watch(display.state) {
            tap { display.start() }
            val first = payload()
            tap { display.stop() }
            until { it is QrDisplayUiState.Waiting }
            tap { display.start() }
            assertNotEquals(first, payload(), "another code")
        }
        val approver = screen { QrApproverViewModel(client) }
        watch(approver.state) {
            tap { approver.onScanned("https://example.org/menu", ScanSource.CAMERA) }
            val scanning = until { it is QrApproverUiState.Scanning && it.message != null }
            assertNotNull((scanning as QrApproverUiState.Scanning).message)
        }
    }

    @Test
    fun aUserWhoDoesNotConfirmIsAskedAgain() = screens {
        var confirms = false
        val client = phone { confirms }
        val display = display()
        val approver = screen { QrApproverViewModel(client) }
        watch(display.state) {
            tap { display.start() }
            val payload = payload()
            watch(approver.state) {
                tap { approver.onScanned(payload, ScanSource.CAMERA) }
                until { it is QrApproverUiState.Asking }
                tap { approver.approve() }
                assertNotNull((until { it is QrApproverUiState.Asking } as QrApproverUiState.Asking).message)
                confirms = true
                tap { approver.approve() }
                until { it is QrApproverUiState.Approved }
            }
        }
    }

    @Test
    fun nobodyWhoIsSignedOutApproves() = screens {
        val approver = screen { QrApproverViewModel(sandbox.client(Store.Memory)) }
        watch(approver.state) {
            tap { approver.onScanned("anything", ScanSource.CAMERA) }
            until { it is QrApproverUiState.NotSignedIn }
        }
    }

    @Test
    fun codesAreNotPrinted() = screens {
        val display = display()
        watch(display.state) {
            tap { display.start() }
            assertEquals("Code", until { it is QrDisplayUiState.Code }.toString())
        }
    }
}
