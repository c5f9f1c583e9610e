/// A decoder that answers with sample values and notes what it was asked for.
final class ProbingDecoder: Decoder {
    typealias Failure = SchemaProber.Failure

    let prober: SchemaProber
    /// Whether to answer that there is nothing, as optionals ask.
    let isNull: Bool
    private var noted: SchemaShape?
    private var properties: [(key: String, shape: SchemaShape)] = []
    /// Keys that were asked whether they are null.
    private var nullable: Set<String> = []
    private var children: [(key: String, decoder: ProbingDecoder)] = []

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    init(prober: SchemaProber, isNull: Bool = false) {
        self.prober = prober
        self.isNull = isNull
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        if noted == nil { noted = .object([]) }
        return KeyedDecodingContainer(ProbingKeyedContainer<Key>(decoder: self))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer { ProbingUnkeyedContainer(decoder: self) }
    func singleValueContainer() throws -> any SingleValueDecodingContainer { ProbingSingleContainer(decoder: self) }

    func note(_ shape: SchemaShape) throws {
        guard noted == nil else { throw Failure(reason: "it decodes several values where one shape is expected") }
        noted = shape
    }

    func note(_ shape: SchemaShape, for key: String) {
        let shape: SchemaShape = nullable.contains(key) ? .optional(shape) : shape
        if !properties.contains(where: { $0.key == key }) { properties.append((key, shape)) }
    }

    func noteNullable(_ key: String) { nullable.insert(key) }

    /// A decoder for a container inside this one.
    func child(_ key: String) -> ProbingDecoder {
        let child = ProbingDecoder(prober: prober)
        children.append((key, child))
        properties.append((key, .object([])))
        return child
    }

    func shape(of type: Any.Type) throws -> SchemaShape {
        switch noted {
        case .object?:
            let all = try properties.map { property in
                guard let child = children.first(where: { $0.key == property.key }) else { return property }
                return (property.key, try child.decoder.shape(of: type))
            }
            guard !all.isEmpty else { throw Failure(reason: "\(type) decodes no properties") }
            return .object(all)
        case let shape?: return shape
        case nil: throw Failure(reason: "\(type) decodes nothing")
        }
    }
}

private struct ProbingKeyedContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let decoder: ProbingDecoder
    var codingPath: [any CodingKey] { [] }
    var allKeys: [Key] { [] }

    func contains(_ key: Key) -> Bool { true }

    func decodeNil(forKey key: Key) throws -> Bool {
        decoder.noteNullable(key.stringValue)
        return false
    }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        decoder.note(try decoder.prober.shape(of: type, at: key.stringValue), for: key.stringValue)
        return try decoder.prober.value(of: type)
    }

    /// Answers `nil`, so that a type may contain itself by way of an optional.
    func decodeIfPresent<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value? {
        decoder.note(.optional(try decoder.prober.shape(of: type, at: key.stringValue)), for: key.stringValue)
        return nil
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type,
        forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        try decoder.child(key.stringValue).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try decoder.child(key.stringValue).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder { decoder.child("super") }
    func superDecoder(forKey key: Key) throws -> any Decoder { decoder.child(key.stringValue) }

    private func leaf<Value: Decodable>(_ key: Key) throws -> Value { try decode(Value.self, forKey: key) }

    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try leaf(key) }
    func decode(_ type: String.Type, forKey key: Key) throws -> String { try leaf(key) }
    func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try leaf(key) }
    func decode(_ type: Float.Type, forKey key: Key) throws -> Float { try leaf(key) }
    func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try leaf(key) }
    func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try leaf(key) }
    func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try leaf(key) }
    func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try leaf(key) }
    func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try leaf(key) }
    func decode(_ type: Int128.Type, forKey key: Key) throws -> Int128 { try leaf(key) }
    func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try leaf(key) }
    func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try leaf(key) }
    func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try leaf(key) }
    func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try leaf(key) }
    func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try leaf(key) }
    func decode(_ type: UInt128.Type, forKey key: Key) throws -> UInt128 { try leaf(key) }
}

/// Shows one element, so that loops to the end are run once.
private struct ProbingUnkeyedContainer: UnkeyedDecodingContainer {
    let decoder: ProbingDecoder
    var currentIndex = 0
    var codingPath: [any CodingKey] { [] }
    var count: Int? { 1 }
    var isAtEnd: Bool { currentIndex > 0 }

    mutating func decodeNil() throws -> Bool { false }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        currentIndex += 1
        try decoder.note(.array(try decoder.prober.shape(of: type)))
        return try decoder.prober.value(of: type)
    }

    mutating func nestedContainer<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        throw nested
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { throw nested }
    mutating func superDecoder() throws -> any Decoder { throw nested }

    private var nested: SchemaProber.Failure {
        SchemaProber.Failure(reason: "it decodes containers inside an array by hand")
    }

    private mutating func leaf<Value: Decodable>() throws -> Value { try decode(Value.self) }

    mutating func decode(_ type: Bool.Type) throws -> Bool { try leaf() }
    mutating func decode(_ type: String.Type) throws -> String { try leaf() }
    mutating func decode(_ type: Double.Type) throws -> Double { try leaf() }
    mutating func decode(_ type: Float.Type) throws -> Float { try leaf() }
    mutating func decode(_ type: Int.Type) throws -> Int { try leaf() }
    mutating func decode(_ type: Int8.Type) throws -> Int8 { try leaf() }
    mutating func decode(_ type: Int16.Type) throws -> Int16 { try leaf() }
    mutating func decode(_ type: Int32.Type) throws -> Int32 { try leaf() }
    mutating func decode(_ type: Int64.Type) throws -> Int64 { try leaf() }
    mutating func decode(_ type: Int128.Type) throws -> Int128 { try leaf() }
    mutating func decode(_ type: UInt.Type) throws -> UInt { try leaf() }
    mutating func decode(_ type: UInt8.Type) throws -> UInt8 { try leaf() }
    mutating func decode(_ type: UInt16.Type) throws -> UInt16 { try leaf() }
    mutating func decode(_ type: UInt32.Type) throws -> UInt32 { try leaf() }
    mutating func decode(_ type: UInt64.Type) throws -> UInt64 { try leaf() }
    mutating func decode(_ type: UInt128.Type) throws -> UInt128 { try leaf() }
}

private struct ProbingSingleContainer: SingleValueDecodingContainer {
    let decoder: ProbingDecoder
    var codingPath: [any CodingKey] { [] }

    func decodeNil() -> Bool { decoder.isNull }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try decoder.note(try decoder.prober.shape(of: type))
        return try decoder.prober.value(of: type)
    }

    private func leaf<Value: Decodable>() throws -> Value { try decode(Value.self) }

    func decode(_ type: Bool.Type) throws -> Bool { try leaf() }
    func decode(_ type: String.Type) throws -> String { try leaf() }
    func decode(_ type: Double.Type) throws -> Double { try leaf() }
    func decode(_ type: Float.Type) throws -> Float { try leaf() }
    func decode(_ type: Int.Type) throws -> Int { try leaf() }
    func decode(_ type: Int8.Type) throws -> Int8 { try leaf() }
    func decode(_ type: Int16.Type) throws -> Int16 { try leaf() }
    func decode(_ type: Int32.Type) throws -> Int32 { try leaf() }
    func decode(_ type: Int64.Type) throws -> Int64 { try leaf() }
    func decode(_ type: Int128.Type) throws -> Int128 { try leaf() }
    func decode(_ type: UInt.Type) throws -> UInt { try leaf() }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try leaf() }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try leaf() }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try leaf() }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try leaf() }
    func decode(_ type: UInt128.Type) throws -> UInt128 { try leaf() }
}
