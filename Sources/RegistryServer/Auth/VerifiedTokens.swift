import NIOConcurrencyHelpers

/// What was found in tokens whose signatures were right, by their whole text: to check one takes longer than all else that a small request
/// does.
///
/// Two generations, as for passwords: what is asked moves to the young one, and when that is full the old one goes. Whether a token is
/// still good is not kept, but asked for each request.
final class VerifiedTokens<Content: Sendable>: Sendable {
    private struct Generations {
        var young: [String: Content] = [:]
        var old: [String: Content] = [:]
    }

    /// Bytes of a token that is kept at most.
    static var textLimit: Int { 4096 }

    private let half: Int
    private let generations = NIOLockedValueBox(Generations())

    init(limit: Int) { half = max(1, limit / 2) }

    subscript(text: String) -> Content? {
        generations.withLockedValue { generations in
            if let found = generations.young[text] { return found }
            guard let found = generations.old[text] else { return nil }
            insert(found, text, &generations)
            return found
        }
    }

    func insert(_ content: Content, for text: String) {
        guard text.utf8.count <= Self.textLimit else { return }
        generations.withLockedValue { insert(content, text, &$0) }
    }

    func remove(_ text: String) {
        generations.withLockedValue { generations in
            generations.young[text] = nil
            generations.old[text] = nil
        }
    }

    var count: Int { generations.withLockedValue { Set($0.young.keys).union($0.old.keys).count } }

    private func insert(_ content: Content, _ text: String, _ generations: inout Generations) {
        if generations.young.count >= half {
            generations.old = generations.young
            generations.young = [:]
        }
        generations.young[text] = content
    }
}
