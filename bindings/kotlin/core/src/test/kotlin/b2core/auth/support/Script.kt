package b2core.auth.support

import b2core.auth.AppTransport
import b2core.auth.HttpHeader
import b2core.auth.HttpRequest
import b2core.auth.HttpResponse
import b2core.auth.NetworkProblem
import java.util.Collections

/** A host that answers what the test says, in that order. */
class Script(vararg answers: Answer) : AppTransport() {
    private val left = ArrayDeque(answers.toList())

    /** The requests that came. */
    val requests: MutableList<HttpRequest> = Collections.synchronizedList(mutableListOf())

    override suspend fun send(request: HttpRequest): HttpResponse {
        requests += request
        val answer = synchronized(left) { left.removeFirst() }
        return answer(this)
    }

    internal fun fail(why: NetworkProblem): Nothing = noAnswer(why)
}

typealias Answer = suspend Script.() -> HttpResponse

fun answer(status: Int, body: String, vararg headers: Pair<String, String>): Answer =
    { HttpResponse(status, headers.map { HttpHeader(it.first, it.second) }, body.toByteArray()) }

fun ok(body: String): Answer = answer(200, body)

fun broken(why: NetworkProblem): Answer = { fail(why) }

/** The front office's wizard, open. */
fun wizard(recaptcha: Boolean = false): Answer =
    ok("""{"code":200,"data":{"recaptcha":{"enabled":$recaptcha}},"uuid":"wizard-1","workflow":"login"}""")

/** The host wants this next. */
fun workflow(name: String): Answer = ok("""{"code":200,"data":null,"uuid":"wizard-1","workflow":"$name"}""")

/** The choice between these methods. */
fun choice(vararg methods: String): Answer {
    val providers = methods.joinToString(",") { """{"name":"$it","enabled":true,"localizedCaption":"by $it"}""" }
    return ok("""{"data":{"tfaProviders":[$providers]},"uuid":"wizard-1","workflow":"2fa"}""")
}

/** The back office's demand for the code that it has mailed. */
val mailed: Answer = ok("""{"2faRequired":true,"2faDetails":{"token":"two-factor","provider":"email"}}""")

/** A complete pair of tokens. */
fun tokens(access: String = "access-1", refresh: String = "refresh-1"): Answer =
    ok("""{"accessToken":{"token":"$access"},"refreshToken":{"token":"$refresh"}}""")

/** A refusal in the host's own form. */
fun refusal(status: Int, text: String = "No"): Answer =
    answer(status, """{"error":{"code":0,"message":"$text"}}""")

/** A refusal of this field. */
fun complaint(field: String): Answer = answer(422, """{"message":"Invalid","errors":{"$field":["No"]}}""")
