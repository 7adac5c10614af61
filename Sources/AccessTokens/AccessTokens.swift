import JWTKit

/// Placeholder until the first part is there.
enum AccessTokens { typealias Keys = JWTKeyCollection }
