/// The roles under names that collide with nobody's: for files that also import Hummingbird, Tracing, Fluent or SwiftUI.

/// ``Router``, where another module has one as well.
public typealias LLMRouter = Router

/// ``Tracer``, where another module has one as well.
public typealias LLMTracer = Tracer

/// ``Cache``, where another module has one as well.
public typealias LLMCache = Cache
