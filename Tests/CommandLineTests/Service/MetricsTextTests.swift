import Testing

@testable import eseg

@Suite struct MetricsTextTests {
    @Test func metricsAreWrittenAsPrometheusReadsThem() throws {
        var text = MetricsText()
        text.add("a_total", .counter, "Some.", [.init(labels: [("camera", "a\"b\\c\nd")], value: 12), .init(value: 0.25)])
        text.add("b", .summary, "None.", [])
        #expect(
            text.text == """
                # HELP a_total Some.
                # TYPE a_total counter
                a_total{camera="a\\"b\\\\c\\nd"} 12
                a_total 0.25
                # HELP b None.
                # TYPE b summary

                """)
        #expect(try PrometheusText(text.text).value("a_total", ["camera": "a\"b\\c\nd"]) == 12)
    }

    @Test(arguments: [
        "a 1", "# TYPE a gauge\na 1", "# HELP a x\n# TYPE a gauge\na{b=c} 1\n", "# HELP a x\n# TYPE a gauge\na one\n",
        "# HELP a x\n# TYPE a gauge\na 1\na 2\n", "# HELP a x\n# TYPE a gauge\nb 1\n", "# HELP a x\n# TYPE a gauge\na_sum 1\n",
        "# HELP a x\n# TYPE a thing\na 1\n", "# HELP a x\n# TYPE a counter\na -1\n", "# HELP a x\n# TYPE a counter\na 1\n# HELP a x\n",
        "# HELP 1 x\n# TYPE 1 gauge\n1 1\n", "# HELP a x\n# TYPE a gauge\na{b=\"c} 1\n",
    ])
    func theReaderOfTheseTestsIsStrict(text: String) {
        #expect(throws: PrometheusText.Failure.self) { try PrometheusText(text) }
    }

    @Test func quantilesAreThoseOfTheLastFrames() {
        var window = LatencyWindow()
        #expect(window.quantiles([0.5]).isEmpty)
        window.add(.seconds(7))
        #expect(window.quantiles([0, 0.5, 1]) == [.seconds(7), .seconds(7), .seconds(7)])
        for number in 1...LatencyWindow.capacity * 3 / 2 { window.add(.milliseconds(number)) }
        let first = LatencyWindow.capacity / 2
        #expect(
            window.quantiles([0.5, 0.9, 0.99, 1])
                == [first + 512, first + 922, first + 1014, first + 1024].map { Duration.milliseconds($0) })
    }
}
