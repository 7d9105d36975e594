package b2core.auth.test

import b2core.auth.Office
import java.time.Instant
import b2core.auth.test.ffi.SandboxChannel as FfiChannel
import b2core.auth.test.ffi.SandboxFault as FfiFault
import b2core.auth.test.ffi.SandboxMessage as FfiMessage
import b2core.auth.test.ffi.SandboxRequest as FfiRequest

/** A message with a code in it, which a real host would have sent. It prints without the code. */
public class SandboxMessage internal constructor(ffi: FfiMessage) {
    /** True for an e-mail, false for a text message. */
    public val isMail: Boolean = ffi.channel == FfiChannel.MAIL

    /** The phone or the e-mail address that it went to. */
    public val to: String = ffi.to

    /** The e-mail of the user it is for. */
    public val email: String = ffi.email

    /** When it was sent, by the sandbox's clock. */
    public val sentAt: Instant = ffi.sentAt

    /** The code. */
    public val code: String = ffi.code

    override fun toString(): String = "SandboxMessage(${if (isMail) "mail" else "SMS"} to $to)"
}

/** One request that came to a sandbox, without its secrets. */
public class SandboxRequest internal constructor(ffi: FfiRequest) {
    /** The HTTP method. */
    public val method: String = ffi.method

    /** The path without the query. */
    public val path: String = ffi.path

    /** The HTTP status of the answer; 0 while there is none, and where none was given. */
    public val status: Int = ffi.status.toInt()

    /** The correlation id that came with it; `AuthException.correlationId` has the same. */
    public val correlationId: String? = ffi.correlationId

    /** The names of the fields in the JSON body, never their values. */
    public val bodyFields: List<String> = ffi.bodyFields

    /** The office that the path belongs to; null for none. */
    public val office: Office? = ffi.office?.wrapped()

    /** The fault that acted on it, as text; null for none. */
    public val fault: String? = ffi.fault

    /** When it arrived, by the sandbox's clock. */
    public val time: Instant = ffi.time

    override fun toString(): String = "$method $path $status"
}

/** A fault that was set, and what it has done. */
public class SandboxFault internal constructor(ffi: FfiFault) {
    /** The fault, as text. */
    public val spec: String = ffi.fault

    /** How many requests came to its place. */
    public val seen: Long = ffi.seen

    /** On how many of them it acted. */
    public val acted: Long = ffi.acted

    override fun toString(): String = "$spec: acted on $acted of $seen"
}
