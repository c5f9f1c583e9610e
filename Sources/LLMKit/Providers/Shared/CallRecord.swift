/// What is known of a call besides the vendor's answer: completes answers and errors with it.
struct CallRecord: Sendable {
    let site: CallSite
    /// When the call began.
    let start: ContinuousClock.Instant
    /// The text of the request, for estimates.
    let inputByteCount: Int
    let losses: [String]

    /// The whole answer of a decoder.
    /// - Parameter timing: what was measured of a stream; `total` is filled in here.
    func complete(
        _ decoder: some AnswerDecoder,
        _ head: HTTPResponseHead,
        connect: Duration,
        timing: Timing = Timing()
    ) throws(DecodingFailure) -> ChatResponse {
        var response = try decoder.response()
        response.usage = decoder.reportedUsage.filled(inputByteCount: inputByteCount, isComplete: true)
        response.vendorRequestID = head.vendorRequestID ?? response.id
        site.redact.clean(&response)
        response.losses = losses
        for loss in decoder.losses where !losses.contains(loss) { response.losses.append(loss) }
        response.timing = timing
        response.timing.connect = connect
        response.timing.total = ContinuousClock.now - start
        return response
    }

    /// What a decoder knows before the end of the answer.
    func progress(of decoder: some AnswerDecoder) -> AnswerProgress {
        let reported = decoder.reportedUsage
        var input = reported.filled(inputByteCount: inputByteCount, isComplete: false)
        (input.output, input.reasoning) = (0, 0)
        return AnswerProgress(servedModel: site.redact.identifier(decoder.servedModel), input: input)
    }

    /// What went wrong with a whole answer.
    func error(_ failure: any Error, _ head: HTTPResponseHead, body: [UInt8]) -> LLMError {
        guard let failure = failure as? DecodingFailure else { return LLMError(wrapping: failure) }
        return site.error(failure, head, body: body)
    }

    /// The error with what the call had used by then, as far as the decoder knows: failed answers are billed too, and a
    /// whole one no differently than a streamed one.
    func attachingUsage(of decoder: some AnswerDecoder, to error: LLMError) -> LLMError {
        let reported = decoder.reportedUsage
        guard reported.hasInput || reported.hasOutput || reported.outputByteCount > 0 else { return error }
        var error = error
        error.usage = reported.filled(inputByteCount: inputByteCount, isComplete: decoder.isComplete)
        return error
    }
}
