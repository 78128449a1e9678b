import HTTPServer
@preconcurrency import Glibc

/// Answers requests for a text over HTTP, on a thread of its own.
final class MetricsServer {
    /// Where it is.
    let url: String
    private let server: OpaquePointer
    private let page: Unmanaged<Page>

    private final class Page {
        let make: () -> String

        init(_ make: @escaping () -> String) { self.make = make }
    }

    /// `page` makes the text whenever it is asked for. Throws `Failure` where the address cannot be had, or the library is missing.
    init(at address: ListenAddress, page make: @escaping @Sendable () -> String) throws {
        let (socket, actual) = try address.listen()
        let page = Unmanaged.passRetained(Page(make))
        var reason = [CChar](repeating: 0, count: Int(HTTP_REASON_SIZE))
        let server = http_server_start(
            socket,
            { context, count in
                guard let context, let count else { return nil }
                let text = Unmanaged<Page>.fromOpaque(context).takeUnretainedValue().make()
                count.pointee = text.utf8.count
                return strdup(text)
            }, page.toOpaque(), &reason)
        guard let server else {
            page.release()
            close(socket)
            throw Failure("metrics: found \(String(decoding: reason.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))")
        }
        url = "http://\(actual.text)/metrics"
        (self.server, self.page) = (server, page)
    }

    deinit {
        http_server_stop(server)
        page.release()
    }
}
