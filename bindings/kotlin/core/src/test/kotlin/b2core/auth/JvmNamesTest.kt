package b2core.auth

import org.junit.jupiter.api.Test
import java.io.File
import java.lang.reflect.Constructor
import java.lang.reflect.Executable
import java.lang.reflect.Member
import java.lang.reflect.Method
import java.lang.reflect.Modifier
import kotlin.coroutines.Continuation
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/** What Java sees of the public classes. */
class JvmNamesTest {
    @Test
    fun noNameIsMangled() {
        val mangled = classes.flatMap { type -> members(type).filter { it !is Constructor<*> }.map { "${type.simpleName}.${it.name}" } }.filter { name ->
            val member = name.substringAfterLast('.')
            // Of inline classes, and of what is internal to the module.
            '-' in member || '$' in member
        }
        assertEquals(emptyList(), mangled)
    }

    @Test
    fun everySuspendingCallHasItsFuture() {
        val futures = AuthFutures::class.java.methods.map { it.signature() }.toSet()
        val calls = classes.filter { it != AuthFutures::class.java }.flatMap { type ->
            members(type).filterIsInstance<Method>().filter { it.isSuspending() && it.isForApps() }
                .map { method -> listOf(method.name, type.name) + method.parameterTypes.dropLast(1).map { it.name } }
        }
        assertTrue(calls.size > 20, "$calls")
        // A state flow is for Kotlin; Java has the listener.
        assertEquals(emptyList(), calls.filter { it !in futures && it.first() != "stateIn" })
    }

    @Test
    fun whatThrowsSaysSo() {
        val throwing = classes.flatMap { members(it) }.filterIsInstance<Executable>()
            .filter { AuthException::class.java in it.exceptionTypes }.map { "${it.declaringClass.simpleName}.${it.name}" }
        val expected = setOf("AuthClient.b2core.auth.AuthClient", "AuthClient.create", "Companion.create", "QrSignIn.complete")
        assertEquals(expected, throwing.toSet())
    }

    /** All classes of the package that Java can name. */
    private val classes: List<Class<*>> = File(AuthClient::class.java.protectionDomain.codeSource.location.toURI())
        .resolve("b2core/auth").listFiles { file -> file.name.endsWith(".class") }.orEmpty()
        .map { Class.forName("b2core.auth." + it.name.removeSuffix(".class")) }
        .filter { Modifier.isPublic(it.modifiers) && !it.isSynthetic && !it.isInternal() }

    private fun members(type: Class<*>): List<Member> =
        (type.declaredMethods.toList() + type.declaredConstructors + type.declaredFields)
            .filter { (Modifier.isPublic(it.modifiers) || Modifier.isProtected(it.modifiers)) && !it.isSynthetic }

    /** Internal classes are public for the JVM; Kotlin's metadata knows better. Their bytecode is not for apps. */
    private fun Class<*>.isInternal(): Boolean = simpleName in INTERNAL || enclosingClass?.isInternal() == true

    private fun Method.isSuspending(): Boolean = parameterTypes.lastOrNull() == Continuation::class.java

    /** What an app implements has abstract classes of its own for Java. */
    private fun Method.isForApps(): Boolean = PORTS.none { it.isAssignableFrom(declaringClass) }

    private fun Method.signature(): List<String> = listOf(name) + parameterTypes.map { it.name }

    private companion object {
        val PORTS = listOf(
            AppSessionStore::class.java,
            AppTransport::class.java,
            ApprovalChannel::class.java,
            ProcessLock::class.java,
            UserPresence::class.java,
        )
        val INTERNAL = setOf("CancellableKt", "DurationsKt", "Messages", "PresenceBridge", "SharedSession", "SingleFlight", "UserPresenceKt")
    }
}
