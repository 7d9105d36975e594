package b2core.auth.ktor

import io.ktor.http.content.OutgoingContent

/**
 * Whether this body can be sent twice: none, or bytes in memory. A body that is read or written while it is sent cannot, such as a
 * file, a multipart form or a stream.
 */
internal fun canBeSentAgain(body: Any): Boolean = when (body) {
    is OutgoingContent.NoContent, is OutgoingContent.ByteArrayContent -> true
    is OutgoingContent.ContentWrapper -> canBeSentAgain(body.delegate())
    else -> false
}
