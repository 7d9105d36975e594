// A step prints its name. `dump` reflects on values, whatever their description is.

extension StartStep: CustomStringConvertible, CustomReflectable {
    public var description: String { "StartStep" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension CredentialsStep: CustomStringConvertible, CustomReflectable {
    public var description: String { "CredentialsStep" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension ChooseMethodStep: CustomStringConvertible, CustomReflectable {
    public var description: String { "ChooseMethodStep" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension CodeStep: CustomStringConvertible, CustomReflectable {
    public var description: String { "CodeStep" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension MailedCodeStep: CustomStringConvertible, CustomReflectable {
    public var description: String { "MailedCodeStep" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension ResetCodeStep: CustomStringConvertible, CustomReflectable {
    public var description: String { "ResetCodeStep" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension NewPasswordStep: CustomStringConvertible, CustomReflectable {
    public var description: String { "NewPasswordStep" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
