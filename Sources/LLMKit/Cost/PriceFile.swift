import PortableFoundation

extension PriceTable {
    /// Reads prices from a file.
    ///
    /// One line per price: the vendor, the vendor's id of the model, and what is known, in US dollars per million
    /// tokens. What is not given is unknown.
    /// ```text
    /// llmkit-prices 1
    /// date: 2026-11-23
    /// source: the vendors' price pages
    ///
    /// openai gpt-x editions=2025-08-07,2025-11-01 input=2.50 output=10 cache_read=0.25 batch.input=1.25
    /// openai gpt-y input=2 output=8 from=2026-01-01 until=2026-07-01   # two prices, one after the other
    /// openai gpt-y input=1 output=4 from=2026-07-01
    /// openai gpt-x-2025-05-05 input=5 output=15                        # an edition with a price of its own
    /// openai gpt-z input=1 output=2                                    # at most hours; at these more:
    /// openai gpt-z input=2 output=4 hours=mon-fri@01:00-04:00,mon-fri@06:00-10:00 except=2027-01-01
    /// acme long input=1 output=5 above200000.input=2 above200000.output=7.5 region.eu=1.1 context=1000000
    /// ```
    /// - Vendors by their OpenTelemetry names, or one of the usual others; `openai-compatible` for what
    ///   `.openAICompatible(_:at:)` asks, `vllm`, `ollama`, `tgi`, `llama.cpp` for the presets of those names.
    /// - Classes: `input`, `output`, `cache_read`, `cache_write_5m`, `cache_write_1h`, and `reasoning` where it costs
    ///   something else than output. Where `input=0 output=0`, a class that is not given costs nothing, too.
    /// - In front of a class: `above200000.` for prompts of more tokens than that (`atleast200000.` counts the boundary
    ///   in), a service tier, or both, `batch.above200000.`. Tiers are `batch.`, `flex.`, `priority.`, `fast.`,
    ///   `ultrafast.`; any other one is spelled out, `tier.on_demand.`, so that a slip is not taken for one.
    /// - `editions`: the dated or numbered ids of the model that have this price, too: what stands behind the model's
    ///   name, separated by commas, or `*` for all. Any other dated id has no price.
    /// - `hours` are those of the week, UTC, at which the line holds; the model's line without hours holds at all others.
    ///   `mon-fri@22:00-06:00` ends on the next morning, `fri-mon@…` goes over the end of the week. `except` names days
    ///   on which it does not hold, such as the vendor's public holidays.
    /// - `region.NAME` is a factor on everything, more than zero: of answers that name the region in their service tier (`standard+us`),
    ///   of Bedrock's ids that begin with it, and of whoever asks ``price(vendor:model:at:region:)`` for it.
    /// - `from`, `until` (first days, UTC) bound the price's time.
    /// - `retires` (a day), `context`, `max_output`, `cache_min` (tokens) describe the model for whoever reads the file:
    ///   no request is refused or shortened by them.
    /// - `#` and what follows it is a comment.
    /// - Throws: ``LLMError`` with code `storage` if the file cannot be read, `invalid_configuration` with the line
    ///   and what is wrong in it otherwise.
    public init(contentsOf path: String) throws(LLMError) {
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: path))
        } catch {
            throw LLMError(.storage, "cannot read the price file \(path): check the path and the permissions")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw LLMError(.invalidConfiguration, "\(path): not UTF-8: save the price file as UTF-8 text")
        }
        try self.init(parsing: text, name: path)
    }

    /// Reads prices from the text of a price file: see ``init(contentsOf:)``.
    /// - Parameters:
    ///   - text: the lines.
    ///   - name: what errors call the text.
    /// - Throws: ``LLMError`` with code `invalid_configuration`, with the line and what is wrong in it.
    public init(parsing text: String, name: String = "prices") throws(LLMError) {
        self.init(empty: name)
        var hasHeader = false
        var date: CalendarDay?
        var source = name
        // By bytes, not by characters: CR LF is one character, and bytes are many times as fast.
        let newline = UInt8(ascii: "\n")
        for (index, line) in text.utf8.split(separator: newline, omittingEmptySubsequences: false).enumerated() {
            do throws(Conflict) {
                let content = line.prefix { $0 != UInt8(ascii: "#") }
                let words = content.split {
                    $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: "\r")
                }
                .map { Substring($0) }
                guard let first = words.first else { continue }
                if !hasHeader {
                    guard words == ["llmkit-prices", "1"] else {
                        throw Conflict(message: "a price file begins with the line \"llmkit-prices 1\"")
                    }
                    hasHeader = true
                } else if first == "date:" {
                    guard words.count == 2, let day = CalendarDay(words[1]) else {
                        throw Conflict(message: "a date is written like 2026-11-23")
                    }
                    date = day
                } else if first == "source:" {
                    source = words.dropFirst().joined(separator: " ")
                } else {
                    try insert(PriceLine.parse(words))
                }
            } catch {
                throw LLMError(.invalidConfiguration, "\(name):\(index + 1): \(error.message)")
            }
        }
        guard hasHeader else {
            throw LLMError(.invalidConfiguration, "\(name): empty: a price file begins with \"llmkit-prices 1\"")
        }
        describe(date: date?.start, source: source)
    }
}
