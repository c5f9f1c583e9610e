import Synchronization

/// Gathers the texts of concurrent callers into batches, and embeds them on a thread of its own.
///
/// Embedding takes milliseconds of computing, which must not sit on the cooperative pool. While a batch is on its way, the
/// texts of other callers wait together and make up the next one: alone, a caller waits for nobody. A text that several
/// callers ask for at a time is computed once. A caller that is cancelled leaves at once, and its texts, if nobody else
/// wants them, are not computed.
final class EmbeddingBatcher: Sendable {
    /// What computes a batch: takes texts, as many as it likes from the front, and returns a vector or an error for each
    /// of those. It is only called on the batcher's thread, one call at a time.
    typealias Compute = @Sendable (_ texts: [String]) -> [Result<[Float], LLMError>]

    private struct State {
        var requests: [Int: Request] = [:]
        var nextRequest = 0
        /// Who waits for each text, queued or on its way.
        var waiting: [Text: [Waiter]] = [:]
        /// The texts in the order in which they came; those that are on their way are the first.
        var queue: [Text] = []
        var isRunning = false
    }

    /// A call that is not answered yet.
    private struct Request {
        var vectors: [[Float]]
        var missing: Int
        var continuation: CheckedContinuation<Result<[[Float]], any Error>, Never>
    }

    private struct Waiter {
        var request: Int
        var index: Int
    }

    /// A text by its bytes: to `String`, texts that only look alike are equal, to a model they may not be.
    private struct Text: Hashable {
        var string: String
        static func == (a: Text, b: Text) -> Bool { a.string.utf8.elementsEqual(b.string.utf8) }
        func hash(into hasher: inout Hasher) {
            var string = string
            string.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        }
    }

    /// How many texts `compute` is offered at most.
    private static let limit = 256

    private let state = Mutex(State())
    private let worker: SerialWorker
    private let compute: Compute

    /// - Parameters:
    ///   - name: what debuggers and profilers call the thread.
    ///   - compute: computes a batch.
    init(_ name: StaticString, _ compute: @escaping Compute) {
        worker = SerialWorker(name)
        self.compute = compute
    }

    /// The vectors of texts, in order.
    /// - Throws: ``LLMError``, or `CancellationError` when the task is cancelled.
    func embed(_ texts: [String]) async throws -> [[Float]] {
        try Task.checkCancellation()
        if texts.isEmpty { return [] }
        let id = state.withLock { state in
            defer { state.nextRequest += 1 }
            return state.nextRequest
        }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in submit(texts, as: id, continuation) }
        } onCancel: {
            withdraw(id)
        }
        return try result.get()
    }

    /// How many calls are not answered yet.
    var pendingRequests: Int { state.withLock { $0.requests.count } }

    private func submit(
        _ texts: [String],
        as id: Int,
        _ continuation: CheckedContinuation<Result<[[Float]], any Error>, Never>
    ) {
        let starts = state.withLock { state in
            state.requests[id] = Request(
                vectors: [[Float]](repeating: [], count: texts.count),
                missing: texts.count,
                continuation: continuation
            )
            for (index, string) in texts.enumerated() {
                let text = Text(string: string)
                if state.waiting[text] == nil { state.queue.append(text) }
                state.waiting[text, default: []].append(Waiter(request: id, index: index))
            }
            defer { state.isRunning = true }
            return !state.isRunning
        }
        if starts { worker.enqueue { [self] in run() } }
        // A cancellation before the continuation was there found nothing to withdraw.
        if Task.isCancelled { withdraw(id) }
    }

    private func withdraw(_ id: Int) {
        let request = state.withLock { $0.requests.removeValue(forKey: id) }
        request?.continuation.resume(returning: .failure(CancellationError()))
    }

    /// Computes batches until nothing waits.
    private func run() {
        while let texts = nextTexts() {
            var results = compute(texts.map(\.string))
            if results.isEmpty { results = [.failure(LLMError(.unknown, "the embedder left a text out"))] }
            for wake in finish(texts, results) { wake() }
        }
    }

    /// The next texts that somebody still waits for; `nil`, and the end of the run, if there are none.
    private func nextTexts() -> [Text]? {
        state.withLock { state in
            while !state.queue.isEmpty {
                var wanted: [Text] = []
                for text in state.queue.prefix(Self.limit) {
                    let requests = state.requests
                    let isWanted = state.waiting[text]?.contains { requests[$0.request] != nil } ?? false
                    if isWanted { wanted.append(text) } else { state.waiting[text] = nil }
                }
                state.queue.replaceSubrange(..<min(Self.limit, state.queue.count), with: wanted)
                if !wanted.isEmpty { return wanted }
            }
            state.isRunning = false
            return nil
        }
    }

    /// Hands results to whom they belong, and returns what wakes the callers that have all of theirs.
    private func finish(_ texts: [Text], _ results: [Result<[Float], LLMError>]) -> [@Sendable () -> Void] {
        state.withLock { state in
            var wakers: [@Sendable () -> Void] = []
            for (text, result) in zip(texts, results) {
                for waiter in state.waiting.removeValue(forKey: text) ?? [] {
                    guard var request = state.requests.removeValue(forKey: waiter.request) else { continue }
                    let continuation = request.continuation
                    switch result {
                    case .failure(let error): wakers.append { continuation.resume(returning: .failure(error)) }
                    case .success(let vector):
                        request.vectors[waiter.index] = vector
                        request.missing -= 1
                        if request.missing > 0 {
                            state.requests[waiter.request] = request
                        } else {
                            let vectors = request.vectors
                            wakers.append { continuation.resume(returning: .success(vectors)) }
                        }
                    }
                }
            }
            state.queue.removeFirst(min(results.count, state.queue.count))
            return wakers
        }
    }
}
