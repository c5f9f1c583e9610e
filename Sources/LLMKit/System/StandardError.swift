import CPlatform

/// Writes a line to standard error: only for what would otherwise be lost without a trace.
func printError(_ line: String) {
    var line = line + "\n"
    line.withUTF8 { bytes in _ = write(STDERR_FILENO, bytes.baseAddress, bytes.count) }
}
