import Testing

@testable import ESegNetwork

struct NodeRecordTests {
    private func recorded(_ record: NodeRecord) -> QuantizedNetwork {
        var network = QuantizedNetwork.tiny()
        network.records[1] = record
        return network
    }

    @Test func recordsComeBackAsTheyAre() throws {
        var network = recorded(NodeRecord(lower: -0.1, upper: 5.3, method: "percentile:99.99", sqnrDb: 31.27))
        network.records[2] = NodeRecord(lower: 0, upper: 0, method: "mse")
        try withTemporaryFolder { folder in
            try network.write(to: folder + "/a.eseg")
            #expect(try QuantizedNetwork(contentsOf: folder + "/a.eseg") == network)
        }
    }

    @Test(arguments: [
        (NodeRecord(lower: 1, upper: 0, method: "mse"), "range"), (NodeRecord(lower: -.infinity, upper: 0, method: "mse"), "range"),
        (NodeRecord(lower: 0, upper: .nan, method: "mse"), "range"), (NodeRecord(lower: 0, upper: 1, method: ""), "range_method"),
        (NodeRecord(lower: 0, upper: 1, method: "m\u{1B}"), "range_method"),
        (NodeRecord(lower: 0, upper: 1, method: String(repeating: "m", count: 65)), "range_method"),
        (NodeRecord(lower: 0, upper: 1, method: "mse", sqnrDb: .infinity), "sqnr_db"),
        (NodeRecord(lower: 0, upper: 1, method: "mse", sqnrDb: 1e9), "sqnr_db"),
    ])
    func whatCannotBeToldIsRefused(record: NodeRecord, field: String) throws {
        do throws(NetworkError) {
            try recorded(record).validate(file: "a")
            Issue.record("accepted \(record)")
        } catch { #expect(error.field.hasSuffix(": \(field)"), "\(error)") }
    }

    @Test(arguments: [
        #"{"range": [0, 1]}"#, #"{"range": [0], "range_method": "mse"}"#, #"{"range": [0, "1"], "range_method": "mse"}"#,
        #"{"sqnr_db": 3}"#,
        #"{"range": [0, 1], "range_method": 3}"#, #"{"range": [0, 1], "range_method": "mse", "sqnr_db": "3"}"#,
    ])
    func halfRecordsAreRefused(text: String) throws {
        let json = try JSONValue(parsing: text, file: "a", field: "graph")
        #expect(throws: NetworkError.self) {
            var fields = try JSONFields(json, file: "a", path: "graph[1]")
            _ = try NodeRecord.read(&fields)
        }
    }
}
