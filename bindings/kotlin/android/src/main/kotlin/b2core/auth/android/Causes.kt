package b2core.auth.android

import android.os.Build
import android.security.KeyStoreException
import android.security.keystore.KeyPermanentlyInvalidatedException
import android.security.keystore.UserNotAuthenticatedException
import java.security.UnrecoverableKeyException
import javax.crypto.AEADBadTagException

/** Calls the Keystore. Whatever it throws becomes a [KeystoreTrouble]: it throws checked, unchecked and undocumented exceptions. */
internal inline fun <T> keystore(call: () -> T): T = try {
    call()
} catch (e: KeystoreTrouble) {
    throw e
} catch (e: Exception) {
    throw KeystoreTrouble(causeOf(e))
}

/** What has happened. Only what is known to be lasting is: anything else may pass, so nothing is given up for it. */
internal fun causeOf(thrown: Throwable): KeystoreFault =
    generateSequence(thrown) { it.cause }.take(DEEPEST).firstNotNullOfOrNull(::known) ?: KeystoreFault.KEYSTORE_FAILED

private fun known(e: Throwable): KeystoreFault? = when (e) {
    is KeyPermanentlyInvalidatedException -> KeystoreFault.KEY_INVALIDATED
    is UserNotAuthenticatedException -> KeystoreFault.USER_NOT_AUTHENTICATED
    is AEADBadTagException -> KeystoreFault.RECORD_CORRUPT
    is UnrecoverableKeyException -> KeystoreFault.KEY_INVALIDATED.takeIf { e.message == INVALIDATED }
    else -> if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.TIRAMISU) Numbered.known(e) else null
}

/** The error numbers that the Keystore has since API 33. */
@SinceAndroid(Build.VERSION_CODES.TIRAMISU)
private object Numbered {
    fun known(e: Throwable): KeystoreFault? = if (e !is KeyStoreException) null else when (e.numericErrorCode) {
        KeyStoreException.ERROR_USER_AUTHENTICATION_REQUIRED -> KeystoreFault.USER_NOT_AUTHENTICATED
        KeyStoreException.ERROR_KEYSTORE_UNINITIALIZED -> KeystoreFault.DEVICE_LOCKED
        KeyStoreException.ERROR_KEY_DOES_NOT_EXIST -> KeystoreFault.KEY_MISSING
        KeyStoreException.ERROR_KEY_CORRUPTED -> KeystoreFault.KEY_INVALIDATED
        else -> null
    }
}

/** `KeyStore.getKey` hands an invalidated key on as an exception without a cause, with this text. */
private const val INVALIDATED = "User changed or deleted their auth credentials"

private const val DEEPEST = 10
