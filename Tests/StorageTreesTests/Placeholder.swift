import Testing

@testable import StorageTrees
