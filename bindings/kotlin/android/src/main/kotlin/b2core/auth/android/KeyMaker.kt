package b2core.auth.android

import android.app.KeyguardManager
import android.content.Context
import android.os.Build
import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyProperties
import java.security.ProviderException
import javax.crypto.KeyGenerator
import javax.crypto.SecretKey

/** Makes keys in the Android Keystore, where they stay: no app ever sees their bytes. */
internal class KeyMaker(
    private val context: Context,
    private val protection: KeyProtection,
    private val strongBox: Boolean,
) {
    /** A new key, in StrongBox where that works, otherwise in the device's trusted environment. */
    fun make(alias: String): SecretKey {
        if (protection is KeyProtection.UserAuthentication && !hasScreenLock()) {
            throw KeystoreTrouble(KeystoreFault.USER_NOT_AUTHENTICATED)
        }
        if (strongBox && Build.VERSION.SDK_INT >= Build.VERSION_CODES.P) {
            try {
                return generate(spec(alias).inStrongBox().build())
            } catch (_: ProviderException) {
                // There is none (StrongBoxUnavailableException), or it does not make this key. No key is lost by that.
            }
        }
        return generate(spec(alias).build())
    }

    private fun generate(spec: KeyGenParameterSpec): SecretKey =
        KeyGenerator.getInstance(KeyProperties.KEY_ALGORITHM_AES, KeyVault.KEYSTORE).run {
            init(spec)
            generateKey()
        }

    private fun spec(alias: String): KeyGenParameterSpec.Builder {
        val purposes = KeyProperties.PURPOSE_ENCRYPT or KeyProperties.PURPOSE_DECRYPT
        val spec = KeyGenParameterSpec.Builder(alias, purposes)
            .setBlockModes(KeyProperties.BLOCK_MODE_GCM)
            .setEncryptionPaddings(KeyProperties.ENCRYPTION_PADDING_NONE)
            .setKeySize(KEY_BITS)
        if (protection is KeyProtection.UserAuthentication) {
            val seconds = protection.timeout.seconds.toInt()
            spec.setUserAuthenticationRequired(true)
            if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.R) {
                spec.afterAuthentication(seconds)
            } else {
                @Suppress("DEPRECATION") // Of API 30.
                spec.setUserAuthenticationValidityDurationSeconds(seconds)
            }
        }
        return spec
    }

    @SinceAndroid(Build.VERSION_CODES.P)
    private fun KeyGenParameterSpec.Builder.inStrongBox() = setIsStrongBoxBacked(true)

    @SinceAndroid(Build.VERSION_CODES.R)
    private fun KeyGenParameterSpec.Builder.afterAuthentication(seconds: Int) = setUserAuthenticationParameters(
        seconds, KeyProperties.AUTH_BIOMETRIC_STRONG or KeyProperties.AUTH_DEVICE_CREDENTIAL,
    )

    private fun hasScreenLock() = context.getSystemService(KeyguardManager::class.java)?.isDeviceSecure == true

    private companion object {
        const val KEY_BITS = 256
    }
}
