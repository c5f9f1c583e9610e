import ExampleSupport
import Testing

@Suite struct `Figures as people read them` {
    @Test(arguments: [
        (Duration.zero, "0 ns"), (.nanoseconds(840), "840 ns"), (.nanoseconds(1_440), "1.44 µs"),
        (.microseconds(830), "830 µs"), (.nanoseconds(999_600), "1.00 ms"), (.microseconds(1_443), "1.44 ms"),
        (.microseconds(9_996), "10.0 ms"), (.microseconds(12_340), "12.3 ms"), (.microseconds(829_600), "830 ms"),
        (.microseconds(999_600), "1.00 s"), (.milliseconds(1_234), "1.23 s"), (.milliseconds(12_345), "12.3 s"),
        (.milliseconds(59_940), "59.9 s"), (.milliseconds(59_960), "1 min"), (.milliseconds(65_200), "1 min 5 s"),
        (.milliseconds(3_599_400), "59 min 59 s"), (.milliseconds(3_599_600), "1 h"), (.seconds(3_929), "1 h 5 min"),
        (.seconds(86_400), "24 h"),
    ])
    func `times are rounded as people write them`(duration: Duration, text: String) {
        #expect(Figures.time(duration) == text)
    }
}
