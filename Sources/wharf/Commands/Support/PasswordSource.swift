import ArgumentParser
import Credentials
import SystemPackage

/// Where a new password comes from. It is never an argument, as every user of the machine sees these.
struct PasswordSource: ParsableArguments {
    @Flag(help: "Read the password from standard input, one line, instead of asking for it.")
    var passwordStdin = false

    /// - Parameter name: Of whom it will be.
    /// - Throws: ``WrongUsage`` when there is nowhere to read it from, ``CommandFailure`` when it cannot be one.
    func read(for name: String) throws -> PasswordHash {
        guard let password = NewPassword(passwordStdin ? try line() : try ask(for: name)) else {
            throw CommandFailure("a password has \(NewPassword.lengths.lowerBound) to \(NewPassword.lengths.upperBound) characters")
        }
        return try PasswordHash.derive(password.text)
    }

    private func ask(for name: String) throws -> String {
        guard let terminal = Terminal.open() else {
            throw WrongUsage("there is no terminal to ask for the password: give it on standard input, with --password-stdin")
        }
        defer { terminal.close() }
        guard let first = try terminal.askHidden("Password of \(name): "), let second = try terminal.askHidden("The same once more: ")
        else { throw CommandFailure("no password was given") }
        guard first == second else { throw CommandFailure("the two passwords are not the same") }
        return first
    }

    private func line() throws -> String {
        var bytes: [UInt8] = []
        while let byte = try FileDescriptor.standardInput.readByte(), byte != UInt8(ascii: "\n") {
            guard bytes.count < TypedLine.limit else { break }
            bytes.append(byte)
        }
        if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        guard let password = String(validating: bytes, as: UTF8.self) else { throw CommandFailure("the password is not UTF-8") }
        return password
    }
}
