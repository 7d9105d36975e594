package b2core.auth

import b2core.auth.ffi.Passphrase
import b2core.auth.ffi.StoreChoice

/** Where sessions and pending steps are stored: one of the two here, or an [AppSessionStore]. */
public sealed class Store {
    @JvmSynthetic
    internal abstract fun <R> choice(use: (StoreChoice) -> R): R

    /** In memory: sessions are gone when the process ends. */
    public object Memory : Store() {
        @JvmSynthetic
        override fun <R> choice(use: (StoreChoice) -> R): R = use(StoreChoice.Memory)

        override fun toString(): String = "Store.Memory"
    }

    /** In an encrypted file at [path]. Its key comes from the passphrase or, without one, from a key file beside it. */
    public class File @JvmOverloads constructor(private val path: String, private val passphrase: String? = null) : Store() {
        @JvmSynthetic
        override fun <R> choice(use: (StoreChoice) -> R): R {
            val secret = passphrase?.let(::Passphrase)
            try {
                return use(StoreChoice.File(path, secret))
            } finally {
                secret?.destroy()
            }
        }

        override fun toString(): String = "Store.File"
    }
}
