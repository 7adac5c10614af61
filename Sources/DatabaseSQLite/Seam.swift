import Database

// GRDB has types of the same names; these are the seam's.
typealias SeamRow = Row
typealias SeamStatement = SQL
