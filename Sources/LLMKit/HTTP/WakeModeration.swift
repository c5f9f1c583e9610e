import CCurl
import CPlatform

/// Lets the pieces of busy streams gather for a moment, as network cards do with their interrupts.
///
/// Every wake-up of the loop costs two switches of threads here and a signal between processors at the sender. While
/// pieces follow each other within microseconds, a short pause makes one wake-up of many: measured over 32 streams, half
/// the processor time and more streams per second. Heads, ends and whole answers are never held back, nor are tokens that
/// come as slowly as one model writes them.
struct WakeModeration: ~Copyable {
    /// What a turn of the loop brought.
    enum Turn {
        case nothing
        /// Pieces of streams, whose readers will be back for more.
        case pieces
        /// Something that somebody waits for.
        case milestones
    }

    /// How long pieces gather, in nanoseconds: far below what a reader could notice.
    private static let pause = 50_000
    /// How soon after the last pieces the next must come for a pause to be worth it, in nanoseconds.
    private static let busyGap: Int64 = 150_000

    private var lastPieces = Int64.min

    /// Made on the thread that will pause, which from then on is woken as punctually as the system can.
    init() { ccurl_set_timer_slack(1000) }

    mutating func pauseIfBusy(after turn: Turn) {
        guard case .pieces = turn else { return }
        let now = MonotonicTime.now()
        guard lastPieces > now - Self.busyGap else {
            lastPieces = now
            return
        }
        var pause = timespec(tv_sec: 0, tv_nsec: Self.pause)
        nanosleep(&pause, nil)
        lastPieces = MonotonicTime.now()
    }
}
