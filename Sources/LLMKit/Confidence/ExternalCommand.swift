#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

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
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
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
                Self.detachThread(onFailure: { continuation.resume(throwing: $0) }) {
                    continuation.resume(with: Result { try child.run(path, arguments, input: input) })
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

    /// Waiting for a process blocks, and nothing may block the cooperative pool.
    private static func detachThread(
        onFailure: (LLMError) -> Void,
        _ body: @escaping @Sendable () -> Void
    ) {
        final class Body: Sendable {
            let run: @Sendable () -> Void
            init(_ run: @escaping @Sendable () -> Void) { self.run = run }
        }
        let context = Unmanaged.passRetained(Body(body)).toOpaque()
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        #if canImport(Darwin)
        var thread: pthread_t?
        let code = pthread_create(
            &thread,
            &attributes,
            { context in
                Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
                return nil
            },
            context
        )
        #else
        var thread = pthread_t()
        let code = pthread_create(
            &thread,
            &attributes,
            { context in
                if let context { Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run() }
                return nil
            },
            context
        )
        #endif
        guard code != 0 else { return }
        Unmanaged<Body>.fromOpaque(context).release()
        onFailure(LLMError(.unknown, "cannot start a thread for the verifier command: \(systemMessage(code))"))
    }
}

/// The operating system's words for an error number.
func systemMessage(_ code: Int32) -> String { strerror(code).map { String(cString: $0) } ?? "error \(code)" }
