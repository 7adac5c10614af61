import Glibc

/// A moment of the wall clock, in UTC, to the millisecond.
public struct LogTime: Sendable, Hashable {
    /// Whole seconds since 1970-01-01T00:00:00Z; negative before it.
    public let seconds: Int
    /// 0–999.
    public let milliseconds: Int

    public init(seconds: Int, milliseconds: Int) {
        self.seconds = seconds
        self.milliseconds = milliseconds
    }

    public static var now: LogTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return LogTime(seconds: time.tv_sec, milliseconds: time.tv_nsec / 1_000_000)
    }

    /// Appends `2025-11-21T08:50:00.123Z` (RFC 3339), without the C library's locale and time zone lookups.
    func append(to bytes: inout [UInt8]) {
        let secondsOfDay = ((seconds % 86_400) + 86_400) % 86_400
        let date = Self.civil(daysSince1970: (seconds - secondsOfDay) / 86_400)
        bytes.appendTwoDigits(date.year / 100)
        bytes.appendTwoDigits(date.year % 100)
        bytes.append(UInt8(ascii: "-"))
        bytes.appendTwoDigits(date.month)
        bytes.append(UInt8(ascii: "-"))
        bytes.appendTwoDigits(date.day)
        bytes.append(UInt8(ascii: "T"))
        bytes.appendTwoDigits(secondsOfDay / 3600)
        bytes.append(UInt8(ascii: ":"))
        bytes.appendTwoDigits(secondsOfDay / 60 % 60)
        bytes.append(UInt8(ascii: ":"))
        bytes.appendTwoDigits(secondsOfDay % 60)
        bytes.append(UInt8(ascii: "."))
        bytes.appendThreeDigits(milliseconds)
        bytes.append(UInt8(ascii: "Z"))
    }

    /// The proleptic Gregorian date of a day. Counting years from 1 March puts the leap day at the end of the year.
    private static func civil(daysSince1970: Int) -> (year: Int, month: Int, day: Int) {
        let days = daysSince1970 + 719_468
        let era = (days >= 0 ? days : days - 146_096) / 146_097
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }
}
