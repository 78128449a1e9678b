extension ClassMap {
    /// The map at another size: each pixel takes the class of the one under its center.
    public func resized(width newWidth: Int, height newHeight: Int) -> ClassMap {
        precondition(newWidth > 0 && newHeight > 0)
        if newWidth == width && newHeight == height { return self }
        var classes = [UInt8](repeating: 0, count: newWidth * newHeight)
        resizeClasses(self.classes, from: (width, height), to: (newWidth, newHeight), into: &classes)
        return ClassMap(width: newWidth, height: newHeight, classes: classes)
    }
}

/// Each class index takes the value of the one under its center.
package func resizeClasses(_ classes: [UInt8], from: (width: Int, height: Int), to: (width: Int, height: Int), into out: inout [UInt8]) {
    classes.withUnsafeBufferPointer { classes in
        out.withUnsafeMutableBufferPointer { out in
            guard let base = out.baseAddress else { return }
            resizeClasses(classes, from: from, to: to, into: base, stride: to.width)
        }
    }
}

/// The same to rows that lie `stride` bytes from each other.
package func resizeClasses(
    _ classes: UnsafeBufferPointer<UInt8>, from: (width: Int, height: Int), to: (width: Int, height: Int),
    into out: UnsafeMutablePointer<UInt8>, stride: Int
) {
    for y in 0..<to.height {
        let source = (2 * y + 1) * from.height / (2 * to.height) * from.width, target = out + y * stride
        if from.width == to.width {
            for x in 0..<to.width { target[x] = classes[source + x] }
        } else {
            for x in 0..<to.width { target[x] = classes[source + (2 * x + 1) * from.width / (2 * to.width)] }
        }
    }
}
