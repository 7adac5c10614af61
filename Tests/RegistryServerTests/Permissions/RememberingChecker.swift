import NIOConcurrencyHelpers

@testable import Credentials

/// Compares a password with a hash once, also a wrong one: the tables ask the same thousands of times.
struct RememberingChecker: Sendable {
    private struct Question: Hashable {
        let stored: String
        let password: String
    }

    private let answers = NIOLockedValueBox<[Question: Bool]>([:])

    var checker: PasswordChecker {
        PasswordChecker(derivations: 2, waiting: 256, cached: 256, decoy: AccountsServer.decoy) { [answers] stored, password in
            let question = Question(stored: stored.text, password: password)
            if let known = answers.withLockedValue({ $0[question] }) { return known }
            let answer = stored.matches(password)
            answers.withLockedValue { $0[question] = answer }
            return answer
        }
    }
}
