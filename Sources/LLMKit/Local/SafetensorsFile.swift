/// A file of tensors, such as the weights of a model, mapped into memory.
///
/// ```swift
/// let file = try SafetensorsFile("model.safetensors")
/// let bias = try file.floats("encoder.bias", shape: [384])
/// ```
/// Opening costs a look at the header: the tensors' bytes are read from disk when they are touched.
struct SafetensorsFile: Sendable {
    typealias Entry = SafetensorsHeader.Entry

    let path: String
    let entries: [String: Entry]
    let metadata: [String: String]
    private let mapping: FileMapping

    /// - Throws: ``LLMError`` with code `storage` if the file cannot be read, `invalid_configuration` with what is wrong
    ///   in it otherwise.
    init(_ path: String) throws(LLMError) {
        mapping = try FileMapping(path)
        self.path = path
        do {
            let header = try mapping.withBytes { bytes throws(SafetensorsHeader.Failure) in
                try SafetensorsHeader(parsing: bytes)
            }
            (entries, metadata) = (header.entries, header.metadata)
        } catch {
            throw LLMError(.invalidConfiguration, "\(path): \(error.description)")
        }
    }

    /// The tensor of that name.
    /// - Parameter shape: what its shape must be; `nil` for any.
    /// - Throws: ``LLMError`` with code `invalid_configuration` if there is none, or its shape is another.
    func entry(_ name: String, shape: [Int]? = nil) throws(LLMError) -> Entry {
        guard let entry = entries[name] else {
            throw LLMError(.invalidConfiguration, "\(path): no tensor \(quoted(name)) among its \(entries.count)")
        }
        if let shape, entry.shape != shape {
            throw LLMError(
                .invalidConfiguration,
                "\(path): the tensor \(quoted(name)) has the shape \(entry.shape); expected \(shape)"
            )
        }
        return entry
    }

    /// Lends a tensor's bytes, little-endian and without any alignment, for the time of a call.
    func withBytes<Value, Failure: Error>(
        of entry: Entry,
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        try mapping.withBytes { bytes throws(Failure) in
            // An entry of another file may lie outside of this one.
            try body(UnsafeRawBufferPointer(rebasing: bytes[entry.range.clamped(to: 0..<bytes.count)]))
        }
    }

    /// Takes what was read so far out of the process's memory; it is read again when it is needed again.
    func releasePages() { mapping.releasePages() }

    /// A tensor's numbers, row by row, from F32, F16 or BF16.
    /// - Parameter shape: what its shape must be; `nil` for any.
    /// - Throws: ``LLMError`` with code `invalid_configuration` if there is none, or its shape or kind of number is another.
    func floats(_ name: String, shape: [Int]? = nil) throws(LLMError) -> [Float] {
        let entry = try entry(name, shape: shape)
        return try withBytes(of: entry) { bytes throws(LLMError) in
            #if _endian(little)
            if entry.dataType == .f32 { return Self.copy(bytes) }
            #endif
            return switch entry.dataType {
            case .f32: Self.convert(bytes, of: UInt32.self) { Float(bitPattern: $0) }
            case .bf16: Self.convert(bytes, of: UInt16.self) { Float(bitPattern: UInt32($0) << 16) }
            case .f16: Self.convert(bytes, of: UInt16.self, Self.float(halfPrecision:))
            default:
                throw LLMError(
                    .invalidConfiguration,
                    "\(path): the tensor \(quoted(name)) holds \(entry.dataType.rawValue); expected F32, F16 or BF16"
                )
            }
        }
    }

    private static func copy(_ bytes: UnsafeRawBufferPointer) -> [Float] {
        let count = bytes.count / MemoryLayout<Float>.stride
        return [Float](unsafeUninitializedCapacity: count) { floats, initialized in
            let whole = UnsafeRawBufferPointer(rebasing: bytes.prefix(count * MemoryLayout<Float>.stride))
            UnsafeMutableRawBufferPointer(floats).copyMemory(from: whole)
            initialized = count
        }
    }

    private static func convert<Word: FixedWidthInteger>(
        _ bytes: UnsafeRawBufferPointer,
        of word: Word.Type,
        _ float: (Word) -> Float
    ) -> [Float] {
        let size = MemoryLayout<Word>.size
        let count = bytes.count / size
        return [Float](unsafeUninitializedCapacity: count) { floats, initialized in
            for index in 0..<count {
                let word = Word(littleEndian: bytes.loadUnaligned(fromByteOffset: index * size, as: Word.self))
                floats.initializeElement(at: index, to: float(word))
            }
            initialized = count
        }
    }

    /// IEEE 754 half precision, by hand: `Float16` does not exist on every platform of Swift's.
    static func float(halfPrecision bits: UInt16) -> Float {
        let sign = UInt32(bits & 0x8000) << 16
        let exponent = UInt32(bits >> 10 & 0x1F)
        let fraction = UInt32(bits & 0x3FF)
        switch exponent {
        case 0:
            // Subnormal: the fraction counts 2^-24ths.
            let magnitude = Float(fraction) * 0x1p-24
            return sign == 0 ? magnitude : -magnitude
        case 0x1F: return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
        default: return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
        }
    }
}
