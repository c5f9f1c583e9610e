#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What the readers of requests share: they answer mistakes with the place of the mistake.
enum RequestReading {
    /// Walks over the members of a body.
    /// - Parameter take: takes the value of a member, whatever it is.
    static func members(
        of body: [UInt8],
        _ take: (String, inout JSONReader) throws(WireError) -> Void
    ) throws(WireError) {
        let outcome = body.withUnsafeBufferPointer { bytes in
            Result { () throws(WireError) in
                var json = JSONReader(bytes)
                try members(of: &json, at: "", take)
                try value(at: "") { () throws(JSONReader.Failure) in try json.expectEnd() }
            }
        }
        try outcome.get()
    }

    /// Walks over the members of the object that comes next; members that are `null` count as left out.
    /// - Parameter path: where the object stands, for messages; empty for the body.
    static func members(
        of json: inout JSONReader,
        at path: String,
        _ take: (String, inout JSONReader) throws(WireError) -> Void
    ) throws(WireError) {
        try value(at: path) { () throws(JSONReader.Failure) in try json.beginObject() }
        while let name = try value(at: path, { () throws(JSONReader.Failure) in try json.nextKey()?.string }) {
            if try value(at: path, { () throws(JSONReader.Failure) in try json.takeNull() }) { continue }
            try take(name, &json)
        }
    }

    /// Walks over the elements of the array that comes next.
    /// - Parameter take: takes an element; its path is handed on.
    static func elements(
        of json: inout JSONReader,
        at path: String,
        _ take: (String, inout JSONReader) throws(WireError) -> Void
    ) throws(WireError) {
        try value(at: path) { () throws(JSONReader.Failure) in try json.beginArray() }
        var index = 0
        while try value(at: path, { () throws(JSONReader.Failure) in try json.nextElement() }) {
            try take("\(path)[\(index)]", &json)
            index += 1
        }
    }

    /// A value, or an error that names its place.
    static func value<Value>(
        at path: String,
        _ read: () throws(JSONReader.Failure) -> Value
    ) throws(WireError) -> Value {
        do throws(JSONReader.Failure) { return try read() } catch {
            guard !path.isEmpty else {
                throw WireError(.invalidRequest, "We could not parse the JSON body of your request: \(error).")
            }
            throw .malformed(path, "Invalid value for '\(path)': \(error).", name: "invalid_type")
        }
    }

    /// The bytes of standard base64 (RFC 4648).
    static func base64(_ text: some StringProtocol, at path: String) throws(WireError) -> [UInt8] {
        guard let data = Data(base64Encoded: String(text)) else {
            throw .malformed(path, "Invalid value for '\(path)': expected base64.", name: "invalid_base64")
        }
        return Array(data)
    }
}

extension JSONReader {
    // Values at a place, as requests hold them.
    mutating func string(at path: String) throws(WireError) -> String {
        try RequestReading.value(at: path) { () throws(Failure) in try string() }
    }

    mutating func bool(at path: String) throws(WireError) -> Bool {
        try RequestReading.value(at: path) { () throws(Failure) in try bool() }
    }

    mutating func int(at path: String) throws(WireError) -> Int {
        try RequestReading.value(at: path) { () throws(Failure) in try int() }
    }

    mutating func double(at path: String) throws(WireError) -> Double {
        try RequestReading.value(at: path) { () throws(Failure) in try double() }
    }

    mutating func raw(at path: String) throws(WireError) -> JSONText {
        try RequestReading.value(at: path) { () throws(Failure) in try rawValue() }
    }

    mutating func kind(at path: String) throws(WireError) -> Kind {
        try RequestReading.value(at: path) { () throws(Failure) in try kind() }
    }

    mutating func skip(at path: String) throws(WireError) {
        try RequestReading.value(at: path) { () throws(Failure) in try skipValue() }
    }

    mutating func strings(at path: String) throws(WireError) -> [String] {
        var texts: [String] = []
        try RequestReading.elements(of: &self, at: path) { (path, json) throws(WireError) in
            texts.append(try json.string(at: path))
        }
        return texts
    }

    /// A value to be read once more is known of what stands around it.
    mutating func place(at path: String) throws(WireError) -> JSONReader {
        try RequestReading.value(at: path) { () throws(Failure) in try bookmark() }
    }
}
