package b2core.auth.android

/**
 * Calls what systems before this API level do not have, so its callers ask for the level first. The build refuses such calls
 * everywhere else.
 */
@Retention(AnnotationRetention.BINARY)
@Target(AnnotationTarget.CLASS, AnnotationTarget.FUNCTION)
internal annotation class SinceAndroid(val api: Int)
