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
            for y in 0..<to.height {
                let row = (2 * y + 1) * from.height / (2 * to.height) * from.width
                for x in 0..<to.width { out[y * to.width + x] = classes[row + (2 * x + 1) * from.width / (2 * to.width)] }
            }
        }
    }
}
