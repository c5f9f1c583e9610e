// The fuzz targets of the readers of models' files.

/// Every tensor of a header that is accepted lies inside the file and can be read.
func fuzzSafetensors(_ bytes: UnsafeBufferPointer<UInt8>) {
    let file = UnsafeRawBufferPointer(bytes)
    // Few random bytes begin with a length that fits: the header is also tried as if it filled the input.
    var whole = withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { [UInt8]($0) }
    whole += bytes
    check(file)
    whole.withUnsafeBytes { check($0) }
}

private func check(_ file: UnsafeRawBufferPointer) {
    guard let header = try? SafetensorsHeader(parsing: file) else { return }
    var total = 0
    for (name, entry) in header.entries {
        guard entry.range.lowerBound >= 8, entry.range.upperBound <= file.count else {
            fatalError("\(name) lies at \(entry.range) of \(file.count)")
        }
        guard entry.shape.reduce(entry.dataType.bitWidth, *) == entry.range.count * 8 else {
            fatalError("\(name) has another size than its shape")
        }
        total += entry.range.count
    }
    guard total <= file.count - 8 else { fatalError("tensors overlap") }
}

/// The input up to the first zero is a tokenizer's file, the rest a text; both are also tried with a partner that is good.
func fuzzTokenizer(_ bytes: UnsafeBufferPointer<UInt8>) {
    let cut = bytes.firstIndex(of: 0) ?? bytes.count
    let text = String(decoding: bytes[min(cut + 1, bytes.count)...], as: UTF8.self)
    if let own = tokenizer(UnsafeBufferPointer(rebasing: bytes[..<cut])) {
        check(own, "un[MASK] affable \u{E9}\(text)")
    }
    if let known { check(known, String(decoding: bytes, as: UTF8.self)) }
}

private let known: WordPieceTokenizer? = {
    var json = """
        {"added_tokens":[{"id":4,"content":"[MASK]","lstrip":true},{"id":7,"content":"<x>","normalized":true,"rstrip":true},
        {"id":8,"content":"<x","single_word":true}],"normalizer":{"type":"BertNormalizer"},
        "pre_tokenizer":{"type":"BertPreTokenizer"},"post_processor":{"type":"BertProcessing","sep":["s",1],"cls":["c",2]},
        "model":{"type":"WordPiece","max_input_chars_per_word":20,"vocab":{"[UNK]":0,"a":3,"[MASK]":4,"##b":5,"ab":6}}}
        """
    return json.withUTF8 { tokenizer($0) }
}()

private func tokenizer(_ bytes: UnsafeBufferPointer<UInt8>) -> WordPieceTokenizer? {
    var json = JSONReader(bytes)
    guard let settings = try? WordPieceTokenizer.Settings(reading: &json) else { return nil }
    return try? WordPieceTokenizer(settings)
}

/// Ids are in the vocabulary, and a limit only cuts.
private func check(_ tokenizer: WordPieceTokenizer, _ text: String) {
    let whole = tokenizer.encode(text)
    let frame = tokenizer.encode("").count
    guard whole.allSatisfy({ $0 >= 0 && $0 < tokenizer.vocabularySize }) else { fatalError("an id outside: \(whole)") }
    for limit in [0, 1, 2, frame, frame + 1, whole.count - 1, whole.count, .max] {
        let cut = tokenizer.encode(text, limit: limit)
        guard cut.count == max(0, min(limit, whole.count)) else {
            fatalError("\(cut.count) of \(whole.count) ids where \(limit) may be")
        }
        guard limit < whole.count || cut == whole else { fatalError("a limit of \(limit) changes \(whole) to \(cut)") }
    }
}
