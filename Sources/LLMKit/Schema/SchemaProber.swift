import PortableFoundation

/// Finds the shapes of types by decoding sample values and noting what is asked for.
final class SchemaProber {
    struct Failure: Error {
        var reason: String
        /// What would help, besides a schema by hand.
        var remedy: String?
        /// Below which properties of the type that was asked for.
        var path: [String] = []
        /// What the type itself threw.
        var cause: (any Error)?

        /// The same failure, seen from the type that has this property.
        func below(_ key: String) -> Failure {
            var failure = self
            failure.path.insert(key, at: 0)
            return failure
        }
    }

    private typealias Sample = (shape: SchemaShape, value: Any)

    /// Shapes of types that contain themselves.
    private(set) var definitions: [(name: String, shape: SchemaShape)] = []
    private var finished: [ObjectIdentifier: Sample] = [:]
    /// Types being decoded at the moment, outermost first.
    private var open: [ObjectIdentifier] = []
    private var recursive: Set<ObjectIdentifier> = []

    private static let leaves: [ObjectIdentifier: (shape: SchemaShape, value: any Sendable)] = {
        var leaves: [ObjectIdentifier: (shape: SchemaShape, value: any Sendable)] = [
            ObjectIdentifier(String.self): (.string(format: nil), ""),
            ObjectIdentifier(Bool.self): (.boolean, false),
            ObjectIdentifier(Double.self): (.number, 0.0),
            ObjectIdentifier(Float.self): (.number, Float(0)),
            ObjectIdentifier(Decimal.self): (.number, Decimal()),
            ObjectIdentifier(Date.self): (.string(format: "date-time"), Date(timeIntervalSince1970: 0)),
            ObjectIdentifier(UUID.self): (.string(format: "uuid"), UUID()),
            ObjectIdentifier(Data.self): (.string(format: nil), Data()),
        ]
        func add<Integer: FixedWidthInteger & Sendable>(_: Integer.Type) {
            leaves[ObjectIdentifier(Integer.self)] = (.integer, Integer.zero)
        }
        add(Int.self)
        add(Int8.self)
        add(Int16.self)
        add(Int32.self)
        add(Int64.self)
        add(Int128.self)
        add(UInt.self)
        add(UInt8.self)
        add(UInt16.self)
        add(UInt32.self)
        add(UInt64.self)
        add(UInt128.self)
        if let url = URL(string: "https://example.com") {
            leaves[ObjectIdentifier(URL.self)] = (.string(format: nil), url)
        }
        return leaves
    }()

    /// Letters, digits, `_` and `-`, at most 64.
    static func schemaName(of type: Any.Type) -> String {
        let name = "\(type)".unicodeScalars.map { ScalarSet.word.contains($0.value) ? Character($0) : "_" }
        return String(name.prefix(64))
    }

    func rootShape<Value: Decodable>(of type: Value.Type) throws -> SchemaShape { try shape(of: type) }

    func shape<Value: Decodable>(of type: Value.Type) throws -> SchemaShape {
        if let leaf = Self.leaves[ObjectIdentifier(type)] { return leaf.shape }
        if let type = type as? any ProbedOptional.Type { return .optional(try shape(of: type.wrapped())) }
        if let type = type as? any ProbedList.Type { return .array(try shape(of: type.element())) }
        if let type = type as? any ProbedMap.Type { return .map(try shape(of: type.value())) }
        if let index = open.firstIndex(of: ObjectIdentifier(type)) {
            recursive.insert(ObjectIdentifier(type))
            return .reference(index == 0 ? nil : Self.schemaName(of: type))
        }
        return try sample(of: type).shape
    }

    /// The shape of a property.
    func shape<Value: Decodable>(of type: Value.Type, at key: String) throws -> SchemaShape {
        do { return try shape(of: type) } catch let failure as Failure { throw failure.below(key) }
    }

    /// A value of the type, for decoders that need one to go on.
    func value<Value: Decodable>(of type: Value.Type) throws -> Value {
        let value: Any
        if let leaf = Self.leaves[ObjectIdentifier(type)] {
            value = leaf.value
        } else if type is any ProbedOptional.Type {
            return try Value(from: ProbingDecoder(prober: self, isNull: true))
        } else if let type = type as? any ProbedCollection.Type {
            value = type.empty()
        } else {
            guard !open.contains(ObjectIdentifier(type)) else {
                throw Failure(reason: "\(type) contains itself, and not by way of an optional or an array")
            }
            value = try sample(of: type).value
        }
        guard let value = value as? Value else { throw Failure(reason: "\(type) has no sample value") }
        return value
    }

    private func sample<Value: Decodable>(of type: Value.Type) throws -> Sample {
        let id = ObjectIdentifier(type)
        if let sample = finished[id] { return sample }
        if let type = type as? any (CaseIterable & RawRepresentable).Type {
            let sample = try Self.choices(of: type)
            finished[id] = sample
            return sample
        }
        guard open.count < 64 else { throw Failure(reason: "\(type) nests too deep") }
        open.append(id)
        defer { open.removeLast() }
        let decoder = ProbingDecoder(prober: self)
        let value: Value
        do {
            value = try Value(from: decoder)
        } catch let failure as Failure {
            throw failure
        } catch {
            var failure = Failure(reason: "\(type) refuses sample values", cause: error)
            if type is any RawRepresentable.Type {
                failure.reason = "the cases of \(type) cannot be listed"
                failure.remedy = "make it CaseIterable (enum \(type): String, Decodable, CaseIterable)"
            }
            throw failure
        }
        var shape = try decoder.shape(of: type)
        if recursive.contains(id), open.count > 1 {
            let name = Self.schemaName(of: type)
            guard !definitions.contains(where: { $0.name == name }) else {
                throw Failure(reason: "two types that contain themselves are called \(name)")
            }
            definitions.append((name, shape))
            shape = .reference(name)
        }
        finished[id] = (shape, value)
        return (shape, value)
    }

    private static func choices<Choice: CaseIterable & RawRepresentable>(of type: Choice.Type) throws -> Sample {
        var choices: [JSONValue] = []
        for choice in Choice.allCases {
            if let text = choice.rawValue as? String {
                choices.append(.string(ExactString(text)))
            } else if let number = choice.rawValue as? any BinaryInteger, let number = JSONNumber("\(number)") {
                choices.append(.number(number))
            }
        }
        guard let first = Choice.allCases.first, choices.count == Choice.allCases.count else {
            throw Failure(reason: "the raw values of \(type) are neither strings nor integers")
        }
        let isText = if case .string? = choices.first { true } else { false }
        return (.choices(choices, type: isText ? "string" : "integer"), first)
    }
}

private protocol ProbedOptional {
    static func wrapped() throws -> any Decodable.Type
}

private protocol ProbedCollection {
    static func empty() -> Any
}

private protocol ProbedList: ProbedCollection {
    static func element() throws -> any Decodable.Type
}

private protocol ProbedMap: ProbedCollection {
    static func value() throws -> any Decodable.Type
}

/// The standard library's containers are decodable only if what they hold is: this says so to the type checker.
private func decodable(_ type: Any.Type) throws -> any Decodable.Type {
    guard let type = type as? any Decodable.Type else {
        throw SchemaProber.Failure(reason: "\(type) is not Decodable")
    }
    return type
}

extension Optional: ProbedOptional {
    fileprivate static func wrapped() throws -> any Decodable.Type { try decodable(Wrapped.self) }
}

extension Array: ProbedList {
    fileprivate static func element() throws -> any Decodable.Type { try decodable(Element.self) }
    fileprivate static func empty() -> Any { Self() }
}

extension ContiguousArray: ProbedList {
    fileprivate static func element() throws -> any Decodable.Type { try decodable(Element.self) }
    fileprivate static func empty() -> Any { Self() }
}

extension Set: ProbedList {
    fileprivate static func element() throws -> any Decodable.Type { try decodable(Element.self) }
    fileprivate static func empty() -> Any { Self() }
}

extension Dictionary: ProbedMap {
    fileprivate static func value() throws -> any Decodable.Type {
        guard Key.self == String.self else {
            throw SchemaProber.Failure(reason: "the keys of \(Self.self) are not strings")
        }
        return try decodable(Value.self)
    }
    fileprivate static func empty() -> Any { Self() }
}
