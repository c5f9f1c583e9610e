import CPlatform

// What the machine says about this process.

/// Seconds on the monotonic clock.
func monotonicSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// CPU seconds of the calling thread so far.
func threadCPUSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// Seconds since 1970.
func wallSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// User and system CPU seconds of this process so far.
func cpuSeconds() -> Double {
    let usage = processUsage()
    let seconds = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec
    let microseconds = usage.ru_utime.tv_usec + usage.ru_stime.tv_usec
    return Double(seconds) + Double(microseconds) * 1e-6
}

/// CPU seconds of all threads of this process so far, to the nanosecond.
func processSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// The most memory this process ever had resident, in MiB.
func peakResidentMiB() -> Double { Double(peakResidentBytes()) / 1_048_576 }

/// The memory that is resident now, in KiB; 0 where the system does not tell in `/proc`.
func residentKiB() -> Int {
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var buffer = [CChar](repeating: 0, count: 128)
    guard fgets(&buffer, Int32(buffer.count), file) != nil else { return 0 }
    let fields = String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self).split(separator: " ")
    guard fields.count > 1, let pages = Int(fields[1]) else { return 0 }
    return pages * Int(sysconf(Int32(_SC_PAGESIZE))) / 1024
}

func environment(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
}

/// Milliseconds since the harness started this process (`HARNESS_T0`), 0 without one.
func millisecondsSinceLaunch() -> Double {
    guard let start = environment("HARNESS_T0").flatMap(Double.init) else { return 0 }
    return (wallSeconds() - start) * 1e3
}

func printError(_ text: String) {
    let line = Array((text + "\n").utf8)
    _ = write(STDERR_FILENO, line, line.count)
}

func exitWith(_ status: Int32) -> Never { exit(status) }

/// Blocks the calling thread, which must be one of our own.
func pause(microseconds: Double) { usleep(UInt32(microseconds)) }
