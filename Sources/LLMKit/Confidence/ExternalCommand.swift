import CPlatform

/// A program that is run with some input, for its exit status alone.
struct ExternalCommand: Sendable {
    var path: String
    var arguments: [String]
    var timeout: Duration

    func validate() throws(LLMError) {
        let problem: String? =
            if ([path] + arguments).contains(where: { $0.utf8.contains(0) }) {
                "the path or an argument holds a NUL byte"
            } else if timeout <= .zero {
                "the timeout must be longer than zero"
            } else if !isExecutableFile {
                "there is no executable file at '\(path)'; give the program's full path"
            } else {
                nil
            }
        if let problem { throw LLMError(.invalidConfiguration, "verifier command: \(problem)") }
    }

    private var isExecutableFile: Bool {
        var status = stat()
        return stat(path, &status) == 0 && isRegularFile(status) && access(path, X_OK) == 0
    }

    /// Runs the program to its end.
    /// - Returns: its exit status, or `nil` if a signal ended it.
    /// - Throws: ``LLMError`` if it cannot be started or takes too long, `CancellationError` if the task is cancelled.
    ///   Either way nothing of it is left running.
    func run(input: [UInt8]) async throws -> Int32? {
        try validate()
        let child = ChildProcess()
        let timer = Task {
            try await Task.sleep(for: timeout)
            child.kill(for: .timeout)
        }
        defer { timer.cancel() }
        let exit = try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                // Waiting for a process blocks, and nothing may block the cooperative pool.
                let isStarted = DetachedThread.start("llmkit.verifier", stackSize: 256 << 10) {
                    continuation.resume(with: Result { try child.run(path, arguments, input: input) })
                }
                if !isStarted {
                    continuation.resume(throwing: LLMError(.unknown, "verifier command: no thread is to be had"))
                }
            }
        } onCancel: {
            child.kill(for: .cancellation)
        }
        switch exit {
        case .status(let status): return status
        case .signal: return nil
        case .killed(.cancellation): throw CancellationError()
        case .killed(.timeout):
            throw LLMError(.timeout, "the verifier command '\(path)' did not finish within \(timeout) and was killed")
        }
    }
}

/// The operating system's words for an error number.
func systemMessage(_ code: Int32) -> String { strerror(code).map { String(cString: $0) } ?? "error \(code)" }
