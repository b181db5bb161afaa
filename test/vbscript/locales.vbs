' Locales: §2.11.
'==== [locale-1033] English (United States)
Dim d : d = #1/2/2003 4:05:06 PM#
Echo d, FormatDateTime(d, 1), FormatDateTime(d, 3), FormatNumber(1234.5), FormatCurrency(-1234.5), 1.5 & "", True & "" ' expect: 1/2/2003 4:05:06 PM Thursday, January 2, 2003 4:05:06 PM 1,234.50 ($1,234.50) 1.5 True
'==== [locale-2057] English (United Kingdom)
SetLocale 2057
d = #1/2/2003 4:05:06 PM#
Echo d & "", FormatDateTime(d, 1), FormatNumber(1234.5), FormatCurrency(-1234.5), CDate("1/2/2003") = #2/1/2003# ' expect: 02/01/2003 16:05:06 02 January 2003 1,234.50 -£1,234.50 True
Echo Day("1/2/2003"), Month("1/2/2003"), Month("1/13/2003") ' expect: 1 2 1
'==== [locale-1031] German
SetLocale 1031
d = #1/2/2003 4:05:06 PM#
Echo d & "", FormatDateTime(d, 1), FormatNumber(1234.5), FormatCurrency(-1234.5), 1.5 & "", True & "" ' expect: 02.01.2003 16:05:06 Donnerstag, 2. Januar 2003 1.234,50 -1.234,50 € 1,5 Wahr
Echo CDbl("1,5") = 1.5, CDbl("1.234,5") = 1234.5, CDate("3.2.2003") = #2/3/2003#, MonthName(3), WeekdayName(1), WeekdayName(1, True), CBool("Wahr") ' expect: Wahr Wahr Wahr März Montag Mo Wahr
Echo IsNumeric("1,5"), CDate("5. März 2003") = #3/5/2003# ' expect: Wahr Wahr
'==== [locale-1036] French
SetLocale 1036
d = #1/2/2003 4:05:06 PM#
Echo d & "", FormatDateTime(d, 1), Replace(FormatNumber(1234.5), ChrW(160), "_"), 1.5 & "", True & "", CDbl("1 234,5") = 1234.5 ' expect: 02/01/2003 16:05:06 jeudi 2 janvier 2003 1_234,50 1,5 Vrai Vrai
'==== [locale-3082] Spanish
SetLocale 3082
d = #1/2/2003 4:05:06 PM#
Echo d & "", FormatDateTime(d, 1), FormatNumber(1234.5), FormatCurrency(1234.5), True & "" ' expect: 02/01/2003 16:05:06 jueves, 02 de enero de 2003 1.234,50 1.234,50 € Verdadero
'==== [locale-1040] Italian
SetLocale 1040
d = #1/2/2003 4:05:06 PM#
Echo d & "", FormatDateTime(d, 1), FormatNumber(1234.5), FormatCurrency(-1234.5), False & "" ' expect: 02/01/2003 16.05.06 giovedì 2 gennaio 2003 1.234,50 -€ 1.234,50 Falso
'==== [locale-1046] Portuguese (Brazil)
SetLocale 1046
d = #1/2/2003 4:05:06 PM#
Echo d & "", FormatDateTime(d, 1), FormatNumber(1234.5), FormatCurrency(-1234.5), True & "" ' expect: 2/1/2003 16:05:06 quinta-feira, 2 de janeiro de 2003 1.234,50 (R$ 1.234,50) Verdadeiro
'==== [locale-2052] Chinese (simplified)
SetLocale 2052
d = #1/2/2003 4:05:06 PM#
Echo d & "", FormatDateTime(d, 1), FormatNumber(1234.5), FormatCurrency(1234.5), MonthName(1), WeekdayName(1) ' expect: 2003-1-2 16:05:06 2003年1月2日 1,234.50 ￥1,234.50 一月 星期日
Echo CDate("2003年1月2日") = #1/2/2003#, Month("2003-3-4") ' expect: True 3
'==== [locale-1041] Japanese
SetLocale 1041
d = #1/2/2003 4:05:06 PM#
Echo d & "", FormatDateTime(d, 1), FormatNumber(1234.5), FormatCurrency(1234.5), MonthName(1), WeekdayName(1) ' expect: 2003/01/02 16:05:06 2003年1月2日 1,234.50 \1,235 1月 日曜日
'==== [2.11-locale] other locales
For Each id In Array(1028, 1030, 1035, 1042, 1043, 1044, 1045, 1049, 1053, 2055, 2058, 2060, 2070, 3079, 3081, 3084, 4105, 11274)
  SetLocale id
  If GetLocale <> id Or CDate(FormatDateTime(#11/22/2003#, 2)) <> #11/22/2003# Or CDbl(FormatNumber(1234.5)) <> 1234.5 Then Echo "wrong", id
Next
SetLocale 1053 : Echo #1/2/2003# & "" ' expect: 2003-01-02
SetLocale 1043 : Echo #1/2/2003# & "", FormatCurrency(1.5) ' expect: 2-1-2003 € 1,50
'==== [2.11-locale] date literals stay in US order
SetLocale 2057 : Echo Month(#1/2/2003#) ' expect: 1
'==== [2.11-locale] each of the nine reads what it writes
Dim d, ids, id, n, f
d = #11/22/2003 16:05:06#
For Each id In Array(1033, 2057, 1031, 1036, 3082, 1040, 1046, 2052, 1041)
  SetLocale id
  If CDate(CStr(d)) <> d Then Echo "CStr", id, d
  For f = 0 To 2 : If DateValue(FormatDateTime(d, f)) <> DateValue(d) Then Echo "date", id, f, FormatDateTime(d, f)
  Next
  For f = 3 To 4 : If DateDiff("n", TimeValue(FormatDateTime(d, f)), TimeValue(d)) <> 0 Then Echo "time", id, f, FormatDateTime(d, f)
  Next
  For Each n In Array(0, 1, -1, 1234.5, -1234567.25, 0.125)
    If CDbl(CStr(n)) <> n Then Echo "CDbl", id, n
    If CDbl(FormatNumber(n, 3)) <> n Then Echo "FormatNumber", id, n, FormatNumber(n, 3)
    If CCur(FormatCurrency(n, 3)) <> n Then Echo "FormatCurrency", id, n, FormatCurrency(n, 3)
    If Not IsNumeric(FormatCurrency(n)) Then Echo "IsNumeric", id, FormatCurrency(n)
  Next
  For n = 1 To 12
    If Month(CDate("5 " & MonthName(n) & " 2003")) <> n And id <> 2052 And id <> 1041 Then Echo "MonthName", id, n, MonthName(n)
    If Len(MonthName(n, True)) > Len(MonthName(n)) Then Echo "short", id, n
  Next
  For n = 1 To 7 : If WeekdayName(n) = "" Or WeekdayName(n, True) = "" Then Echo "WeekdayName", id, n
  Next
  If CBool(CStr(True)) <> True Or CBool(CStr(False)) <> False Then Echo "CBool", id
  If Not IsDate(CStr(d)) Or IsDate("abc") Or IsNumeric("abc") Then Echo "Is", id
Next
Echo "read", GetLocale ' expect: read 1041
'==== [2.11-locale] the order of day and month decides what is read, and gives way when it must
SetLocale 1033 : Echo Month("3/4/2003"), Month("13/4/2003"), Month("2003/4/3"), Month("4-Mar-2003"), Month("March 4, 2003") ' expect: 3 4 4 3 3
SetLocale 1036 : Echo Month("3/4/2003"), Month("4/13/2003"), Month("2003-04-03"), Month("4 mars 2003") ' expect: 4 4 4 3
SetLocale 1041 : Echo Month("2003/3/4"), Month("3/4/2003") ' expect: 3 3
SetLocale 1031 : Echo Month("3.4.2003"), Month("2003-04-03"), CDate("4. Mai 2003 14:30") = #5/4/2003 14:30#, IsDate("32.1.2003") ' expect: 4 4 Wahr Falsch
SetLocale 1040 : Echo Hour("16.05.06"), Hour("16:05:06"), Day("22.11.2003"), Hour("22/11/2003 16.05") ' expect: 16 16 22 16
'==== [2.11-locale] numbers are written and read with the locale's marks
SetLocale 1031 : Echo 1234.5 + 1, CStr(0.1), FormatNumber(1234567.891, 1), FormatPercent(0.256), FormatNumber(-0.5, 2, 0, -1), CDbl("1.234"), CInt("3,5") ' expect: 1235,5 0,1 1.234.567,9 25,60% (,50) 1234 4
Echo "1,5" + 1, "2" * "1,5", Int("7,9") ' expect: 2,5 3 7
SetLocale 1033 : Echo "1,5" + 1, CDbl("1,234.5"), "1.5" * 2 ' expect: 16 1234.5 3
SetLocale 1036 : Echo FormatPercent(0.5, 0), CDbl("3,5") * 2, FormatCurrency(1.5) ' expect: 50% 7 1,50 €
'==== [2.11-locale] SetLocale gives the one before, takes names, refuses what it does not know
On Error Resume Next
Echo SetLocale(1031), GetLocale, SetLocale("en-gb"), GetLocale ' expect: 1033 1031 1031 2057
Echo SetLocale(1), Err.Number : Err.Clear : SetLocale 99999 : Echo Err.Number, GetLocale : Err.Clear ' expect: 447 2057
SetLocale 0 : Echo Err.Number, GetLocale : Err.Clear ' expect: 0 1033
SetLocale Null : Echo Err.Number : Err.Clear ' expect: 94
