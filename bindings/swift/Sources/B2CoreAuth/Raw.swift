internal import B2CoreAuthGenerated

/// The generated types that the layer is built on. No other file of the layer names their module, and no public declaration
/// names one of them: each has a type of the layer's own, mapped in one place.
enum Raw {
    typealias AuthClient = B2CoreAuthGenerated.AuthClient
    typealias ClientConfig = B2CoreAuthGenerated.ClientConfig
    typealias CertificatePins = B2CoreAuthGenerated.CertificatePins
    typealias AfterExpiry = B2CoreAuthGenerated.AfterExpiry
    typealias PinsNow = B2CoreAuthGenerated.PinsNow
    typealias AttemptLimits = B2CoreAuthGenerated.AttemptLimits
    typealias AccountKey = B2CoreAuthGenerated.AccountKey
    typealias Office = B2CoreAuthGenerated.Office
    typealias TokenScope = B2CoreAuthGenerated.TokenScope
    typealias TestClock = B2CoreAuthGenerated.TestClock
    typealias CancelToken = B2CoreAuthGenerated.CancelToken

    typealias SignIn = B2CoreAuthGenerated.SignIn
    typealias SignInStep = B2CoreAuthGenerated.SignInStep
    typealias StartStep = B2CoreAuthGenerated.StartStep
    typealias CredentialsStep = B2CoreAuthGenerated.CredentialsStep
    typealias ChooseMethodStep = B2CoreAuthGenerated.ChooseMethodStep
    typealias CodeStep = B2CoreAuthGenerated.CodeStep
    typealias MailedCodeStep = B2CoreAuthGenerated.MailedCodeStep
    typealias ResetCodeStep = B2CoreAuthGenerated.ResetCodeStep
    typealias NewPasswordStep = B2CoreAuthGenerated.NewPasswordStep
    typealias WizardInfo = B2CoreAuthGenerated.WizardInfo
    typealias TwoFactorMethod = B2CoreAuthGenerated.TwoFactorMethod
    typealias MethodOption = B2CoreAuthGenerated.MethodOption

    typealias Session = B2CoreAuthGenerated.Session
    typealias SignedOut = B2CoreAuthGenerated.SignedOut
    typealias RevocationStatus = B2CoreAuthGenerated.RevocationStatus
    typealias PendingRevocations = B2CoreAuthGenerated.PendingRevocations
    typealias AuthStateChanges = B2CoreAuthGenerated.AuthStateChanges
    typealias AuthState = B2CoreAuthGenerated.AuthState
    typealias StateChange = B2CoreAuthGenerated.StateChange
    typealias StateReason = B2CoreAuthGenerated.StateReason
    typealias Health = B2CoreAuthGenerated.Health

    typealias AuthError = B2CoreAuthGenerated.AuthError
    typealias Reasons = B2CoreAuthGenerated.Reasons
    typealias Recovery = B2CoreAuthGenerated.Recovery
    typealias ServerMessage = B2CoreAuthGenerated.ServerMessage
    typealias NetworkProblem = B2CoreAuthGenerated.NetworkProblem
    typealias InputProblem = B2CoreAuthGenerated.InputProblem
    typealias StoreError = B2CoreAuthGenerated.StoreError
    typealias TransportError = B2CoreAuthGenerated.TransportError

    typealias StoreChoice = B2CoreAuthGenerated.StoreChoice
    typealias Passphrase = B2CoreAuthGenerated.Passphrase
    typealias SessionStore = B2CoreAuthGenerated.SessionStore
    typealias LoadResult = B2CoreAuthGenerated.LoadResult
    typealias ProcessLock = B2CoreAuthGenerated.ProcessLock

    typealias TransportChoice = B2CoreAuthGenerated.TransportChoice
    typealias Transport = B2CoreAuthGenerated.Transport
    typealias HttpRequest = B2CoreAuthGenerated.HttpRequest
    typealias HttpResponse = B2CoreAuthGenerated.HttpResponse
    typealias HttpHeader = B2CoreAuthGenerated.HttpHeader

    typealias QrSignIn = B2CoreAuthGenerated.QrSignIn
    typealias QrStates = B2CoreAuthGenerated.QrStates
    typealias QrState = B2CoreAuthGenerated.QrState
    typealias QrCode = B2CoreAuthGenerated.QrCode
    typealias QrExpiry = B2CoreAuthGenerated.QrExpiry
    typealias QrRequest = B2CoreAuthGenerated.QrRequest
    typealias QrDetails = B2CoreAuthGenerated.QrDetails
    typealias QrRisk = B2CoreAuthGenerated.QrRisk
    typealias QrProblem = B2CoreAuthGenerated.QrProblem
    typealias ScanSource = B2CoreAuthGenerated.ScanSource
    typealias ChannelChoice = B2CoreAuthGenerated.ChannelChoice
    typealias ChannelEnd = B2CoreAuthGenerated.ChannelEnd
    typealias ChannelProblem = B2CoreAuthGenerated.ChannelProblem
    typealias ApprovalChannel = B2CoreAuthGenerated.ApprovalChannel
    typealias ChannelSubscription = B2CoreAuthGenerated.ChannelSubscription
    typealias ChannelEvents = B2CoreAuthGenerated.ChannelEvents
    typealias Presence = B2CoreAuthGenerated.Presence
    typealias UserPresence = B2CoreAuthGenerated.UserPresence
}
