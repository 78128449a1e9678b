import Testing

@testable import ESegNetwork

/// The field of the fault that `body` throws; nil if it throws none.
func fault(_ body: () throws(OperatorFault) -> Void) -> String? {
    do throws(OperatorFault) {
        try body()
        return nil
    } catch { return error.field }
}

extension GraphOperator {
    /// The field that is at fault where the operator reads maps of so many channels; nil if none is.
    func faultyField(reading channels: Int...) -> String? { fault { () throws(OperatorFault) in try check(inputChannels: channels) } }

    /// Size of the output for inputs of these heights and widths, as [height, width]; nil if they do not fit.
    func size(_ sizes: [Int]...) -> [Int]? {
        let shapes = sizes.map { Shape(height: $0[0], width: $0[1], channels: channels) }
        guard let size = try? outputSize(shapes) else { return nil }
        return [size.height, size.width]
    }

    /// The operator that a file holds of this one; throws if anything is left to read.
    func throughFile() throws -> ESegNetwork.Operation {
        let members = attributes.map { JSONValue.Member(key: $0, value: $1) }
        let text = JSONValue.object(members).text
        var fields = try JSONFields(JSONValue(parsing: text, file: "f", field: "graph"), file: "f", path: "graph[1]")
        let read = try Self(&fields)
        try fields.end()
        return read.operation
    }
}
