internal import CKernels

/// Takes the scalars of a text that has been normalised, one after the other.
protocol ScalarSink {
    /// Whether more would be ignored, so that the rest need not be normalised.
    var isFull: Bool { get }
    mutating func take(_ scalar: UInt32)
}

/// Brings text into the form that BERT's vocabularies are written in.
///
/// The steps of Hugging Face's `BertNormalizer`, in its order, done in one pass: cleaning, spaces around Chinese
/// characters, decomposition and removal of accents, lower case (scalar by scalar: no final sigma, no locale).
struct BertNormalizer: Hashable, Sendable {
    /// Removes control characters, and makes every white space a plain space.
    var cleansText = true
    /// Makes every Chinese character a word.
    var separatesChinese = true
    var stripsAccents = true
    var lowercases = true

    /// What the normaliser writes into a tokenizer's file; `strip_accents` may be null, and is what `lowercase` is then.
    init(cleansText: Bool = true, separatesChinese: Bool = true, stripsAccents: Bool? = nil, lowercases: Bool = true) {
        self.cleansText = cleansText
        self.separatesChinese = separatesChinese
        self.stripsAccents = stripsAccents ?? lowercases
        self.lowercases = lowercases
    }

    /// Normalises a text.
    /// - Parameter bytes: its UTF-8.
    @inline(__always)
    func normalize<Sink: ScalarSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        var marks = PendingMarks()
        var index = 0
        while index < bytes.count, !sink.isFull {
            let byte = bytes[index]
            if byte < 0x80 {
                index += 1
                marks.flush { emit($0, into: &sink) }
                emitASCII(byte, into: &sink)
            } else {
                let scalar = UnicodeScalarBytes.next(in: bytes, at: &index)
                normalize(scalar, &marks, into: &sink)
            }
        }
        marks.flush { emit($0, into: &sink) }
    }

    @inline(__always)
    private func emitASCII<Sink: ScalarSink>(_ byte: UInt8, into sink: inout Sink) {
        if byte > 0x20, byte != 0x7F {
            let isUpper = lowercases && byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
            sink.take(UInt32(isUpper ? byte | 0x20 : byte))
        } else if !cleansText {
            sink.take(UInt32(byte))
        } else if byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
            sink.take(0x20)
        }
    }

    private func normalize<Sink: ScalarSink>(_ scalar: UInt32, _ marks: inout PendingMarks, into sink: inout Sink) {
        if cleansText {
            let kind = ScalarClass(scalar)
            if kind.isControl { return }
            if kind.isWhitespace {
                marks.flush { emit($0, into: &sink) }
                return sink.take(0x20)
            }
        }
        let isWord = separatesChinese && Self.isChinese(scalar)
        if isWord {
            marks.flush { emit($0, into: &sink) }
            sink.take(0x20)
        }
        if stripsAccents {
            decompose(scalar, &marks, into: &sink)
        } else {
            emit(scalar, into: &sink)
        }
        if isWord {
            marks.flush { emit($0, into: &sink) }
            sink.take(0x20)
        }
    }

    private func decompose<Sink: ScalarSink>(_ scalar: UInt32, _ marks: inout PendingMarks, into sink: inout Sink) {
        var parts: (UInt32, UInt32, UInt32, UInt32) = (scalar, 0, 0, 0)
        withUnsafeMutableBytes(of: &parts) { memory in
            let parts = memory.bindMemory(to: UInt32.self)
            let count = max(1, llmkit_unicode_decompose(scalar, parts.baseAddress))
            for part in parts.prefix(count) {
                let kind = ScalarClass(part)
                if kind.combiningRank > 0 {
                    if !kind.isNonspacingMark { marks.append(part, rank: kind.combiningRank) }
                } else {
                    marks.flush { emit($0, into: &sink) }
                    if !kind.isNonspacingMark { emit(part, into: &sink) }
                }
            }
        }
    }

    @inline(__always)
    private func emit<Sink: ScalarSink>(_ scalar: UInt32, into sink: inout Sink) {
        guard lowercases else { return sink.take(scalar) }
        if scalar == 0x130 {
            // The one scalar with a lower case of two: i and a dot above.
            sink.take(0x69)
            return sink.take(0x307)
        }
        sink.take(llmkit_unicode_lowercase(scalar))
    }

    /// The blocks that BERT takes for Chinese: CJK ideographs, but no kana and no hangul.
    private static func isChinese(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B73F, 0x2B740...0x2B81F,
            0x2B920...0x2CEAF, 0xF900...0xFAFF, 0x2F800...0x2FA1F:
            true
        default: false
        }
    }
}

/// Marks that wait for the end of their run, because canonical order sorts them by their class (stably).
///
/// Few do: nonspacing marks are removed with the accents, and need no order.
private struct PendingMarks {
    private var marks: [(scalar: UInt32, rank: UInt8)] = []

    mutating func append(_ scalar: UInt32, rank: UInt8) { marks.append((scalar, rank)) }

    @inline(__always)
    mutating func flush(_ emit: (UInt32) -> Void) {
        guard !marks.isEmpty else { return }
        let ordered = marks.enumerated().sorted { ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset) }
        for mark in ordered { emit(mark.element.scalar) }
        marks.removeAll(keepingCapacity: true)
    }
}
