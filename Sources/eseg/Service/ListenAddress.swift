import ArgumentParser
@preconcurrency import Glibc

/// Where a server is reached: a port of this machine alone, "9464", or of an address of it, "192.168.1.5:9464" or "[::]:9464".
struct ListenAddress: ExpressibleByArgument, Sendable, Equatable {
    static let expected = "a port, or ADDRESS:PORT with an IP address, an IPv6 one in brackets"

    /// An IPv4 address, or an IPv6 one without brackets.
    let address: String
    /// 0 for one that is free.
    let port: UInt16

    var isIPv6: Bool { address.contains(":") }

    init?(argument: String) {
        let colon = argument.lastIndex(of: ":")
        let digits = colon.map { argument[argument.index(after: $0)...] } ?? argument[...]
        guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber }), let port = UInt16(digits) else { return nil }
        var address = colon.map { String(argument[..<$0]) } ?? "127.0.0.1"
        if address.hasPrefix("[") && address.hasSuffix("]") {
            address = String(address.dropFirst().dropLast())
            var binary = in6_addr()
            guard inet_pton(AF_INET6, address, &binary) == 1 else { return nil }
        } else {
            var binary = in_addr()
            guard inet_pton(AF_INET, address, &binary) == 1 else { return nil }
        }
        (self.address, self.port) = (address, port)
    }

    private init(address: String, port: UInt16) { (self.address, self.port) = (address, port) }

    /// As in an URL.
    var text: String { isIPv6 ? "[\(address)]:\(port)" : "\(address):\(port)" }

    /// A socket that listens there, and where that is, its port known. Throws `Failure` where there can be none.
    func listen() throws -> (socket: Int32, at: ListenAddress) {
        func failure() -> Failure { Failure("metrics: \(text): \(String(cString: strerror(errno)))") }
        let descriptor = socket(isIPv6 ? AF_INET6 : AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw failure() }
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        guard bind(descriptor) == 0, Glibc.listen(descriptor, 16) == 0, let port = boundPort(descriptor) else {
            let failure = failure()
            close(descriptor)
            throw failure
        }
        return (descriptor, ListenAddress(address: address, port: port))
    }

    private func bind(_ descriptor: Int32) -> Int32 {
        guard isIPv6 else {
            var name = sockaddr_in()
            name.sin_family = sa_family_t(AF_INET)
            name.sin_port = port.bigEndian
            inet_pton(AF_INET, address, &name.sin_addr)
            return withSocketAddress(&name) { Glibc.bind(descriptor, $0, $1) }
        }
        var name = sockaddr_in6()
        name.sin6_family = sa_family_t(AF_INET6)
        name.sin6_port = port.bigEndian
        inet_pton(AF_INET6, address, &name.sin6_addr)
        return withSocketAddress(&name) { Glibc.bind(descriptor, $0, $1) }
    }

    /// Families of both kinds have the port at the same place.
    private func boundPort(_ descriptor: Int32) -> UInt16? {
        var name = sockaddr_in6(), size = socklen_t(MemoryLayout<sockaddr_in6>.size)
        let status = withSocketAddress(&name) { pointer, _ in getsockname(descriptor, pointer, &size) }
        return status == 0 ? UInt16(bigEndian: name.sin6_port) : nil
    }
}

/// Calls `body` with a socket's address as the system's calls take it.
func withSocketAddress<Name, Result>(
    _ name: inout Name, _ body: (UnsafeMutablePointer<sockaddr>, socklen_t) -> Result
) -> Result {
    withUnsafeMutablePointer(to: &name) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<Name>.size)) }
    }
}
