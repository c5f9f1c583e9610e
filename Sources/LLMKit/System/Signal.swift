import CPlatform

/// A mutex with a condition, on which threads of ours wait for work.
///
/// Unchecked: the two C objects live at a fixed address from `init` to `deinit`, and are made for several threads.
final class Signal: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var isSet = false

    init() {
        pthread_mutex_init(mutex, nil)
        initCondition(condition)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    func locked<Value>(_ body: () -> Value) -> Value {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body()
    }

    /// Wakes the sleepers. Call it while the mutex is held.
    func wake() { pthread_cond_broadcast(condition) }

    /// Gives up the mutex until woken, or until `time` (nanoseconds of ``MonotonicTime``). Call it while the mutex is held.
    func sleep(until time: Int64?) {
        guard let time else {
            pthread_cond_wait(condition, mutex)
            return
        }
        waitCondition(condition, mutex, until: time)
    }

    /// Marks the one thing that was waited for as done.
    func set() {
        locked {
            isSet = true
            wake()
        }
    }

    /// Blocks until ``set()`` was called; `false` if `time` came first.
    func wait(until time: Int64) -> Bool {
        locked {
            while !isSet {
                guard MonotonicTime.now() < time else { return false }
                sleep(until: time)
            }
            return true
        }
    }
}
