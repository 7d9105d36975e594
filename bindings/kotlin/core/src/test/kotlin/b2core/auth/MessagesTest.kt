package b2core.auth

import b2core.auth.support.oneOfEach
import org.junit.jupiter.api.Test
import java.io.File
import java.net.URL
import java.util.Locale
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertNotEquals
import kotlin.test.assertTrue
import b2core.auth.ffi.AuthException as FfiException
import b2core.auth.ffi.Reasons

/** The messages for users, in every language, against those of the catalogue. */
class MessagesTest {
    /** By language and id; waits by their seconds. */
    private val table: Map<String, Map<String, String>> = File("../../messages/table.tsv").readLines()
        .filterNot { it.startsWith("#") }.map { it.split('\t') }
        .groupBy({ it[0] }, { it[1] to it[2] }).mapValues { (_, texts) -> texts.toMap() }

    private val languages = table.keys

    @Test
    fun everyErrorSaysWhatTheCatalogueSays() {
        for (language in languages) {
            val wrapped = errors().map { it.wrapped() }.filterIsInstance<AuthException>()
                .zip(errors().filterNot { it is FfiException.Cancelled }.map { it.messageId() })
            for ((error, id) in wrapped) {
                assertEquals(table.getValue(language)[id], error.userMessage(Locale.forLanguageTag(language)), id)
                assertEquals(id.substringBefore('.'), error.code)
            }
            // A cancelled call throws CancellationException, which has no message of ours.
            val ids = table.getValue(language).keys.filterNot { it.first().isDigit() }.toSet() - "cancelled"
            assertEquals(ids, wrapped.map { it.second }.toSet(), "the catalogue has just these")
        }
    }

    @Test
    fun everyWaitIsSaidAsTheCatalogueSaysIt() {
        for (language in languages) {
            val waits = table.getValue(language).filterKeys { it.first().isDigit() }
            assertTrue(waits.size > 5)
            for ((seconds, text) in waits) {
                assertEquals(text, Messages.of(Locale.forLanguageTag(language)).wait(seconds.toLong()))
            }
        }
    }

    @Test
    fun aLanguageIsOneOfItsOwn() {
        val error = assertIs<AuthException>(FfiException.LockedOut(599, true, null).wrapped())
        assertEquals("Too many attempts; try again in 9 min 59 s.", error.userMessage(Locale.ENGLISH))
        assertEquals("Zu viele Versuche; versuchen Sie es in 9 min 59 s erneut.", error.userMessage(Locale.GERMAN))
        val texts = languages.map { error.userMessage(Locale.forLanguageTag(it)) }
        assertEquals(languages.size, texts.toSet().size)
        assertTrue(languages.containsAll(setOf("en", "de", "es")))
    }

    @Test
    fun theLocaleIsTheUsersAndEnglishStandsForWhatIsNotKnown() {
        val error = assertIs<AuthException>(FfiException.NotSignedIn().wrapped())
        val usual = Locale.getDefault()
        try {
            Locale.setDefault(Locale.forLanguageTag("de-AT"))
            assertEquals(error.userMessage(Locale.GERMAN), error.userMessage())
            for (other in listOf(Locale.JAPAN, Locale.UK, Locale.ROOT)) {
                assertEquals(error.userMessage(Locale.ENGLISH), error.userMessage(other), "$other")
            }
            assertNotEquals(error.userMessage(Locale.ENGLISH), error.userMessage())
            assertEquals("not signed in", error.message, "what is logged stays")
        } finally {
            Locale.setDefault(usual)
        }
    }

    /** Each error in each of its cases. */
    /** As in an app whose build has dropped the resources. */
    @Test
    fun withoutItsTextsAnErrorSaysItsMessage() {
        val loader = WithoutTexts(javaClass.classLoader)
        val type = loader.loadClass(AuthException.Setup::class.java.name)
        val below = FfiException.Setup("no host")
        val error = type.getConstructor(below.javaClass).newInstance(below) as Exception
        assertEquals(error.message, type.getMethod("userMessage").invoke(error))
        assertTrue(error.message.orEmpty().isNotBlank())
        val locked = loader.loadClass("b2core.auth.Messages")
        val texts = locked.getField("Companion").get(null)
        val of = texts.javaClass.getMethod("of", Locale::class.java).invoke(texts, Locale.GERMAN)
        assertEquals("1 minutes 5 seconds", locked.getMethod("wait", Long::class.java).invoke(of, 65L))
    }

    /** Has the classes of the layer for itself, and none of their resources. */
    private class WithoutTexts(parent: ClassLoader) : ClassLoader(parent) {
        override fun loadClass(name: String, resolve: Boolean): Class<*> {
            if (!name.startsWith("b2core.auth.") || ".ffi." in name) return super.loadClass(name, resolve)
            findLoadedClass(name)?.let { return it }
            val bytes = parent.getResourceAsStream(name.replace('.', '/') + ".class")!!.use { it.readBytes() }
            return defineClass(name, bytes, 0, bytes.size)
        }

        override fun getResource(name: String): URL? = if ("/messages" in name) null else super.getResource(name)
    }

    private fun errors(): List<FfiException> {
        val message = ServerMessage(listOf("No"))
        val none = Reasons(emptyList(), null)
        val other = setOf("InvalidInput", "Network", "LockedOut", "BackingOff", "HostFailed", "StoreFailed", "UnexpectedAnswer", "Qr", "Channel")
        return oneOfEach(message, "id").filterNot { it.javaClass.simpleName in other } +
            FfiException.WrongCredentials(null, message, "id") + FfiException.WrongCode(null, message, "id") +
            InputProblem.entries.map { FfiException.InvalidInput(it) } +
            NetworkProblem.entries.map { FfiException.Network(it, null, none) } +
            QrProblem.entries.map { FfiException.Qr(it, message, null, none) } +
            ChannelProblem.entries.map { FfiException.Channel(it, none) } +
            listOf("not_b2core", "redirected", "protocol", "blocked_by_gateway", "blocked_by_gateway.proxy", "blocked_by_gateway.portal").map { FfiException.UnexpectedAnswer(it, "x", null) } +
            listOf("wrong_key", "key_missing", "corrupt", "newer", "io", "failed").map { FfiException.StoreFailed("store_$it", "x", none) } +
            FfiException.StoreFailed("not_a_store", "x", none) +
            FfiException.LockedOut(599, true, null) + FfiException.BackingOff(599) +
            FfiException.HostFailed(503, null, null) + FfiException.HostFailed(503, 599, null)
    }
}
