/// The version of the program and the library, which their packages bear too.
package let version: StaticString = "0.1.0"
