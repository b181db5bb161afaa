' Dates: a month's calendar, Easter and holidays, working days, ages, terms, week numbers, times of day.
Option Explicit
Dim month_, year_, d, n, terms
Calendar 2004, 2
Calendar 2003, 11

For Each year_ In Array(2000, 2003, 2004, 2011)
  WScript.Echo "Easter " & year_ & ": " & FormatDateTime(Easter(year_), vbLongDate)
Next
WScript.Echo "working days in December 2003: " & WorkingDays(#12/1/2003#, #12/31/2003#)
WScript.Echo "after ten of them from the 19th: " & AddWorkingDays(#12/19/2003#, 10)

For Each d In Array(#2/29/2000#, #3/1/2000#, #12/31/1999#)
  WScript.Echo "age on 2003-02-28 of " & Iso(d) & ": " & Age(d, #2/28/2003#)
Next

terms = Array("d", 30, "w", 30, "ww", 2, "m", 1, "q", 1, "yyyy", -1, "h", 36, "n", -90, "s", 86400)
For n = 0 To UBound(terms) Step 2
  WScript.StdOut.Write terms(n) & terms(n + 1) & "=" & IsoTime(DateAdd(terms(n), terms(n + 1), #1/31/2004 12:00#)) & " "
Next
WScript.Echo

For Each d In Array(#1/1/2003#, #12/29/2003#, #1/1/2005#, #12/31/2004#, #6/15/2004#)
  WScript.Echo Iso(d) & " week " & DatePart("ww", d, vbMonday, vbFirstFourDays) & " day " & DatePart("y", d) & " quarter " & DatePart("q", d) & " " & WeekdayName(Weekday(d, vbMonday), True, vbMonday)
Next

WScript.Echo Lasting(#1/1/2003 10:00#, #1/3/2003 12:34:56#) & "; " & Lasting(#10:00#, #10:00:59#) & "; " & Lasting(#1/1/2003#, #1/1/2003#)
WScript.Echo DateDiff("yyyy", #12/31/2003#, #1/1/2004#) & " " & DateDiff("m", #1/31/2004#, #2/1/2004#) & " " & DateDiff("d", #1/1/2004#, #1/1/2005#) & " " & DateDiff("h", #1:59#, #2:01#) & " " & DateDiff("ww", #1/3/2004#, #1/4/2004#) & " " & DateDiff("w", #1/1/2004#, #1/15/2004#)
WScript.Echo TimeSerial(25, -30, 90) & " | " & TimeValue("4:05 PM") & " | " & DateValue("March 5, 2003 10:00") & " | " & CDate(0.75) & " | " & CDbl(#6:00#)
WScript.Echo IsDate("2/30/2003") & " " & IsDate("2/29/2004") & " " & IsDate("25:00") & " " & IsDate(37000) & " " & IsDate("") & " " & IsDate(Null)
On Error Resume Next
d = DateSerial(10000, 1, 1) : WScript.Echo "far: " & Err.Number : Err.Clear
d = CDate("tomorrow") : WScript.Echo "word: " & Err.Number : Err.Clear
d = DateAdd("x", 1, #1/1/2003#) : WScript.Echo "interval: " & Err.Number : Err.Clear
d = MonthName(13) : WScript.Echo "month: " & Err.Number : Err.Clear

Sub Calendar(year_, month_)
  Dim day_, last, line, first
  last = Day(DateSerial(year_, month_ + 1, 0))
  first = Weekday(DateSerial(year_, month_, 1), vbMonday)
  WScript.Echo MonthName(month_) & " " & year_ & " (" & last & " days)"
  WScript.Echo "Mo Tu We Th Fr Sa Su"
  line = Space((first - 1) * 3)
  For day_ = 1 To last
    line = line & Right(" " & day_, 2) & " "
    If (day_ + first - 1) Mod 7 = 0 Or day_ = last Then
      WScript.Echo RTrim(line)
      line = ""
    End If
  Next
End Sub

' Anonymous Gregorian computus.
Function Easter(y)
  Dim a, b, c, d, e, f, g, h, i, k, l, m, p
  a = y Mod 19 : b = y \ 100 : c = y Mod 100
  d = b \ 4 : e = b Mod 4 : f = (b + 8) \ 25 : g = (b - f + 1) \ 3
  h = (19 * a + b - d - g + 15) Mod 30
  i = c \ 4 : k = c Mod 4
  l = (32 + 2 * e + 2 * i - h - k) Mod 7
  m = (a + 11 * h + 22 * l) \ 451
  p = h + l - 7 * m + 114
  Easter = DateSerial(y, p \ 31, p Mod 31 + 1)
End Function

Function IsHoliday(d)
  Select Case Right(Iso(d), 5)
    Case "01-01", "05-01", "12-25", "12-26"
      IsHoliday = True
    Case Else
      IsHoliday = (d = Easter(Year(d)) - 2) Or (d = Easter(Year(d)) + 1)
  End Select
End Function

Function IsWorkingDay(d) : IsWorkingDay = Weekday(d, vbMonday) < 6 And Not IsHoliday(d) : End Function

Function WorkingDays(first, last)
  Dim d
  WorkingDays = 0
  For d = first To last
    If IsWorkingDay(d) Then WorkingDays = WorkingDays + 1
  Next
End Function

Function AddWorkingDays(ByVal d, ByVal count)
  While count > 0
    d = d + 1
    If IsWorkingDay(d) Then count = count - 1
  Wend
  AddWorkingDays = d
End Function

Function Age(born, today)
  Age = Year(today) - Year(born)
  If Month(today) < Month(born) Or (Month(today) = Month(born) And Day(today) < Day(born)) Then Age = Age - 1
End Function

Function Two(n) : Two = Right("0" & n, 2) : End Function
Function Iso(d) : Iso = Year(d) & "-" & Two(Month(d)) & "-" & Two(Day(d)) : End Function
Function IsoTime(d) : IsoTime = Iso(d) & "T" & Two(Hour(d)) & ":" & Two(Minute(d)) : End Function

Function Lasting(from, till)
  Dim rest, unit
  rest = DateDiff("s", from, till)
  For Each unit In Array(Array(86400, "d"), Array(3600, "h"), Array(60, "m"), Array(1, "s"))
    If rest \ unit(0) > 0 Then
      Lasting = Lasting & rest \ unit(0) & unit(1) & " "
      rest = rest Mod unit(0)
    End If
  Next
  Lasting = Trim(Lasting)
  If Lasting = "" Then Lasting = "no time"
End Function
