/// The program's version, which its packages bear too.
let version = "0.1.0"
