package b2core.auth

import java.io.IOException
import java.text.MessageFormat
import java.util.Locale
import java.util.MissingResourceException
import java.util.PropertyResourceBundle
import java.util.concurrent.ConcurrentHashMap

/**
 * The messages of errors in one language. The texts are resources, generated from the catalogue that `b2auth` uses too.
 *
 * They are read directly: `ResourceBundle.getBundle` falls back to the machine's language, which the user may not read, and
 * the `Control` that would prevent it is not allowed in a named module.
 */
internal class Messages private constructor(private val texts: PropertyResourceBundle?) {
    /** The text of this id with these data; null if an app was packed without the resources, or they cannot be read. */
    fun text(id: String, vararg data: String): String? = try {
        texts?.getString(id)?.let { MessageFormat(it, Locale.ROOT).format(data) }
    } catch (_: MissingResourceException) {
        null
    } catch (_: IllegalArgumentException) {
        null
    }

    /** A wait as a person reads it, such as `9 min 59 s`: from an hour on in whole minutes, rounded up. */
    fun wait(seconds: Long): String {
        val whole = if (seconds < 3600) maxOf(seconds, 0) else seconds + (60 - seconds % 60) % 60
        val parts = listOf("hours" to whole / 3600, "minutes" to whole / 60 % 60, "seconds" to whole % 60)
        val shown = parts.filter { (_, count) -> count > 0 }.ifEmpty { listOf("seconds" to 0L) }
        return shown.joinToString(" ") { (unit, count) -> text("wait-$unit", count.toString()) ?: "$count $unit" }
    }

    companion object {
        private val loaded = ConcurrentHashMap<String, Messages>()

        /** The language of this locale, or English. */
        fun of(locale: Locale): Messages {
            val wishes = listOf("_${locale.language}_${locale.country}", "_${locale.language}", "")
            return wishes.firstNotNullOfOrNull { loaded[it] ?: load(it) } ?: Messages(null)
        }

        private fun load(suffix: String): Messages? {
            val file = Messages::class.java.getResourceAsStream("/b2core/auth/messages$suffix.properties") ?: return null
            return try {
                file.use { loaded.getOrPut(suffix) { Messages(PropertyResourceBundle(it)) } }
            } catch (_: IOException) {
                null
            } catch (_: IllegalArgumentException) {
                null
            }
        }
    }
}
