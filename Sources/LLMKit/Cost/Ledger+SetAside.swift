public import PortableFoundation

extension Ledger {
    /// A charge or a trial that could not be written as what it is.
    ///
    /// A trial with a number that is none, a row that a trigger of the app's refuses: such a row is kept as text in the
    /// table `set_aside`, and counts in no sum.
    public struct SetAsideRow: Hashable, Sendable {
        public var date: Date
        /// `charge` or `trial`.
        public var kind: String
        /// Why the row was refused.
        public var reason: String
        /// What the row held, as text.
        public var content: String
    }

    /// The rows of the file that were set aside, the latest first.
    /// - Parameter limit: at most so many.
    /// - Returns: the rows, whichever process wrote them.
    /// - Throws: ``LLMError`` with code `storage` if rows could not be written or read.
    public func rowsSetAside(limit: Int = 100) async throws(LLMError) -> [SetAsideRow] {
        try await catchUp()
        return try await read { db throws(LLMError) in try LedgerSetAsideTable.read(limit: limit, from: db) }
    }
}
