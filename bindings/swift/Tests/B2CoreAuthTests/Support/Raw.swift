import B2CoreAuthGenerated

// What tests need of the generated layer. Its names are those of the layer above, so no other file imports it.

typealias RawAuthClient = B2CoreAuthGenerated.AuthClient
typealias RawCodeStep = B2CoreAuthGenerated.CodeStep
typealias ClientConfig = B2CoreAuthGenerated.ClientConfig
typealias CancelToken = B2CoreAuthGenerated.CancelToken

/// How many calls of Rust into stores and transports in Swift are under way.
func callsIntoSwift() -> Int {
    uniffiForeignFutureHandleCountAuth()
}
