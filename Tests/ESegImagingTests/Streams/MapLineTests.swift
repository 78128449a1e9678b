import Foundation
import TestSupport
import Testing

@testable import ESegImaging

/// Lines of JSON hold class maps exactly.
@Suite struct MapLineTests {
    struct Map: Equatable, CustomStringConvertible {
        let width: Int
        let height: Int
        var classes: [UInt8]

        var description: String { "\(width)x\(height) \(classes)" }

        /// Rows of digits.
        init(_ rows: String...) {
            (width, height) = (rows[0].count, rows.count)
            classes = rows.flatMap { $0.utf8.map { $0 - UInt8(ascii: "0") } }
        }

        init(width: Int, height: Int, _ classAt: (Int) -> UInt8) {
            (self.width, self.height) = (width, height)
            classes = (0..<width * height).map(classAt)
        }
    }

    /// Maps of what is easily wrong, and random ones of few large and many small regions.
    private static let maps: [Map] = {
        var random = SplitMix(seed: 14)
        var maps: [Map] = [
            Map("0"), Map("5"), Map("01"), Map("0", "1"), Map("000", "010", "000"), Map("010", "101", "010"), Map("10", "01"),
            Map("11111", "10001", "10101", "10001", "11111"), Map("0000", "0110", "0101", "0010"), Map("11011", "10101", "01010"),
            Map(width: 51, height: 5) { UInt8($0) }, Map(width: 1, height: 300) { UInt8($0 % 255) },
            Map(width: 300, height: 1) { _ in 254 },
        ]
        for round in 0..<150 {
            let width = Int.random(in: 1...40, using: &random), height = Int.random(in: 1...40, using: &random)
            let classes = UInt8([1, 2, 3, 11, 254][round % 5]), block = 1 + round % 4
            let cells = (0...width * height).map { _ in UInt8.random(in: 0...classes, using: &random) }
            maps.append(Map(width: width, height: height) { cells[$0 / width / block * width + $0 % width / block] })
        }
        return maps
    }()

    private func frame(_ map: Map, number: Int = 1) -> StreamFrame {
        let frame = StreamFrame()
        frame.reshape(width: map.width, height: map.height)
        frame.classes = map.classes
        frame.number = number
        return frame
    }

    private func line(_ frame: StreamFrame, _ encoder: any FrameEncoder) throws -> [String: Any] {
        var bytes: [UInt8] = []
        try encoder.encode(frame) { bytes += Array($0) }
        #expect(bytes.last == UInt8(ascii: "\n") && bytes.filter { $0 == UInt8(ascii: "\n") }.count == 1)
        return try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    }

    private func segments(_ line: [String: Any]) throws -> [[String: Any]] { try #require(line["segments"] as? [[String: Any]]) }

    @Test func linesTellWhenTheirFramesArrivedToTheMillisecond() throws {
        let encoder = RunLengthEncoder(classNames: []), frame = frame(Map("01")), first = frame.arrival
        let begin = try #require(try line(frame, encoder)["time"] as? Double)
        #expect(abs(begin - Date().timeIntervalSince1970) < 60)
        for milliseconds in stride(from: 7, to: 2000, by: 131) {
            frame.arrival = first + .milliseconds(milliseconds)
            let time = try #require(try line(frame, encoder)["time"] as? Double)
            #expect(abs(time - begin - Double(milliseconds) / 1000) < 0.005)
        }
    }

    @Test func runLengthsGiveTheMapAgain() throws {
        let encoder = RunLengthEncoder(classNames: [])
        for map in Self.maps {
            var again = Map(width: map.width, height: map.height) { _ in 255 }, covered = 0
            for segment in try segments(line(frame(map), encoder)) {
                let index = try #require(segment["category_id"] as? Int), mask = try #require(segment["segmentation"] as? [String: Any])
                #expect(mask["size"] as? [Int] == [map.height, map.width])
                let counts = try #require(mask["counts"] as? [Int])
                #expect(counts.reduce(0, +) == map.width * map.height && counts.dropFirst().allSatisfy { $0 > 0 })
                var position = 0, area = 0
                for (place, count) in counts.enumerated() {
                    for pixel in position..<position + count where place % 2 == 1 {
                        again.classes[pixel % map.height * map.width + pixel / map.height] = UInt8(index)
                        area += 1
                    }
                    position += count
                }
                #expect(segment["area"] as? Int == area)
                covered += area
            }
            #expect(again == map && covered == map.classes.count)
        }
    }

    @Test func bordersGiveTheMapAgain() throws {
        let encoder = PolygonEncoder(classNames: [])
        for map in Self.maps {
            var again = Map(width: map.width, height: map.height) { _ in 255 }, covered = 0
            for region in try segments(line(frame(map), encoder)) {
                let index = try #require(region["category_id"] as? Int), rings = try #require(region["rings"] as? [[Int]])
                let pixels = filled(rings, map)
                #expect(region["area"] as? Int == pixels.count)
                for pixel in pixels { again.classes[pixel] = UInt8(index) }
                covered += pixels.count
            }
            #expect(again == map && covered == map.classes.count)
        }
    }

    /// The pixels inside of rings by the rule of even and odd. A ring has no corner where it goes straight on.
    private func filled(_ rings: [[Int]], _ map: Map) -> [Int] {
        var crossings = [Bool](repeating: false, count: (map.width + 1) * map.height)
        for ring in rings {
            let corners = stride(from: 0, to: ring.count, by: 2).map { (x: ring[$0], y: ring[$0 + 1]) }
            for (i, corner) in corners.enumerated() {
                let next = corners[(i + 1) % corners.count], afterNext = corners[(i + 2) % corners.count]
                #expect((corner.x == next.x) != (corner.y == next.y) && (corner.x == next.x) == (next.y == afterNext.y))
                guard corner.x == next.x else { continue }
                for y in min(corner.y, next.y)..<max(corner.y, next.y) { crossings[y * (map.width + 1) + corner.x].toggle() }
            }
        }
        return (0..<map.height).flatMap { (y: Int) -> [Int] in
            var isInside = false
            return (0..<map.width).compactMap { x in
                if crossings[y * (map.width + 1) + x] { isInside.toggle() }
                return isInside ? y * map.width + x : nil
            }
        }
    }

    @Test func aRegionHasOneOuterBorderAndThoseOfItsHoles() throws {
        let encoder = PolygonEncoder(classNames: ["sky", "road"])
        let ring = try segments(line(frame(Map("111", "101", "111")), encoder))
        #expect(ring.count == 2)
        #expect(ring[0]["rings"] as? [[Int]] == [[0, 0, 3, 0, 3, 3, 0, 3], [1, 2, 2, 2, 2, 1, 1, 1]])
        #expect(ring[0]["category"] as? String == "road" && ring[0]["area"] as? Int == 8)
        #expect(ring[1]["rings"] as? [[Int]] == [[1, 1, 2, 1, 2, 2, 1, 2]])
        // Pixels that only touch at corners are regions of their own.
        #expect(try segments(line(frame(Map("10", "01")), encoder)).count == 4)
    }

    @Test func regionsAreWhatFloodingFinds() throws {
        let encoder = PolygonEncoder(classNames: [])
        for map in Self.maps {
            #expect(try segments(line(frame(map), encoder)).count == regionCount(map))
        }
    }

    private func regionCount(_ map: Map) -> Int {
        var seen = Set<Int>(), count = 0
        for start in map.classes.indices where !seen.contains(start) {
            count += 1
            var front = [start]
            seen.insert(start)
            while let pixel = front.popLast() {
                let x = pixel % map.width
                let around = [x > 0 ? pixel - 1 : -1, x < map.width - 1 ? pixel + 1 : -1, pixel - map.width, pixel + map.width]
                for next in around where map.classes.indices.contains(next) && map.classes[next] == map.classes[pixel] {
                    if seen.insert(next).inserted { front.append(next) }
                }
            }
        }
        return count
    }

    @Test func aLineSaysWhichFrameItIsAndHowItsClassesAreCalled() throws {
        let names = ["a \"quoted\"\nname", "Straße"]
        for encoder in [RunLengthEncoder(classNames: names), PolygonEncoder(classNames: names)] as [any FrameEncoder] {
            let line = try line(frame(Map("012"), number: 1_234_567), encoder)
            #expect(line["frame"] as? Int == 1_234_567 && line["size"] as? [Int] == [1, 3])
            #expect(abs(try #require(line["time"] as? Double) - Date().timeIntervalSince1970) < 60)
            #expect(try segments(line).map { $0["category"] as? String } == [names[0], names[1], nil])
            encoder.use(classNames: ["new"])
            #expect(try segments(self.line(frame(Map("0")), encoder)).map { $0["category"] as? String } == ["new"])
        }
    }
}
