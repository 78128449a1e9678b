// What makes a shared library of LibESeg is how it is linked, which Package.swift says here and not there: programs and tests that have
// LibESeg inside are linked in their own way.
import LibESeg
